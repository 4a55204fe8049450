// A tile that plays sends its picture now and then, where the server can read none (LIVEWARDEN_STILL_FROM_TILES).
import { words } from "../core/words.js";

const SIDE = 240; // longest side, in dots
const QUALITY = 0.6;
const EVERY_MS = Number(words.stillInterval) * 1000;
const canvas = document.createElement("canvas");
const sentAt = new Map(); // pk -> when

const token = () => JSON.parse(document.body.getAttribute("hx-headers"));

// player: of players.js, with a picture that may be read.
export function send({ pk, video }) {
  const { videoWidth: width, videoHeight: height } = video;
  if (!width || performance.now() - (sentAt.get(pk) ?? -EVERY_MS) < EVERY_MS) return;
  sentAt.set(pk, performance.now());
  const scale = Math.min(1, SIDE / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  canvas.toBlob(async (body) => {
    if (!body) return;
    try {
      const headers = { ...token(), "Content-Type": "image/jpeg" };
      await fetch(`/rooms/${pk}/still/upload`, { method: "POST", headers, body, signal: AbortSignal.timeout(5000) });
    } catch { /* the next one may come through */ }
  }, "image/jpeg", QUALITY);
}
