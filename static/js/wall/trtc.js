// Pictures by the vendor's TRTC web SDK: the room's mixed stream, entered as an observer of this tile's own.
// The SDK is fetched when the first picture is to play.
import { words } from "../core/words.js";

const MIXED = "livekit_"; // the vendor's mixing robot: its name begins so and contains the RoomId
const LEAVE_MS = 3000;
// Two tabs of one person are two observers: the second would push out the first.
const tab = Math.floor(Math.random() * 36 ** 5).toString(36);
let tiles = 0;
let library = null;

function sdk() {
  if (window.TRTC) return Promise.resolve(window.TRTC);
  library ||= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = words.trtcLibrary;
    script.onload = () => resolve(window.TRTC);
    script.onerror = () => {
      library = null;
      reject(new Error("the TRTC SDK did not come"));
    };
    document.head.append(script);
  });
  return library;
}
async function admission(pk, tile) {
  const answer = await fetch(`/rooms/${pk}/picture?tile=${tile}`, { signal: AbortSignal.timeout(5000) });
  if (!answer.ok || answer.redirected) throw new Error("no admission");
  return answer.json();
}
const within = (promise, ms) => Promise.race([promise, new Promise((resolve) => { setTimeout(resolve, ms); })]);

export function trtc(player, report) {
  let client = null;
  let mixed = "";
  let heard = false;
  let stopped = false;
  const view = document.createElement("div");
  view.className = "player__video";
  player.video.remove();
  player.element.append(view);

  async function enter() {
    tiles += 1;
    const tile = `${tab}x${tiles.toString(36)}`;
    const [TRTC, pass] = await Promise.all([sdk(), admission(player.pk, tile)]);
    if (stopped) return;
    client = TRTC.create();
    client.on(TRTC.EVENT.REMOTE_VIDEO_AVAILABLE, ({ userId, streamType }) => {
      const isMixed = userId.startsWith(MIXED) && userId.includes(pass.strRoomId);
      if (stopped || !isMixed || streamType !== TRTC.TYPE.STREAM_TYPE_MAIN) return;
      mixed = userId;
      client.startRemoteVideo({ userId, streamType, view, option: { fillMode: "cover" } }).then(() => {
        // The SDK made its own <video>: that is what is looked at.
        player.video = view.querySelector("video");
        if (heard) client.muteRemoteAudio(mixed, false);
      }, () => { if (!stopped) report.gone(); });
    });
    client.on(TRTC.EVENT.REMOTE_VIDEO_UNAVAILABLE, ({ userId }) => { if (userId === mixed && !stopped) report.gone(); });
    client.on(TRTC.EVENT.KICKED_OUT, () => { if (!stopped) report.gone(); });
    client.on(TRTC.EVENT.ERROR, () => { if (!stopped) report.gone(); });
    await client.enterRoom({
      ...pass,
      role: TRTC.TYPE.ROLE_AUDIENCE,
      scene: TRTC.TYPE.SCENE_LIVE,
      autoReceiveAudio: false,
      autoReceiveVideo: false,
      enableAutoPlayDialog: false,
    });
  }
  // Not left and destroyed, an instance keeps its connections for ever.
  async function leave() {
    const left = client;
    client = null;
    if (!left) return;
    try {
      await within(left.exitRoom(), LEAVE_MS);
    } catch { /* it was not inside */ }
    left.destroy();
  }

  const entering = enter().catch(() => { if (!stopped) report.gone(); });
  return {
    sound(on) {
      heard = on;
      if (client && mixed) client.muteRemoteAudio(mixed, !on);
    },
    stop() {
      stopped = true;
      view.remove();
      entering.then(leave);
    },
  };
}
