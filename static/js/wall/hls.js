// Pictures over HLS: by the browser itself where it can, else by hls.js, which is fetched when the first picture is to play.
import { words } from "../core/words.js";

let library = null;

function fetchLibrary() {
  library ||= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = words.hlsLibrary;
    script.onload = () => resolve(window.Hls);
    script.onerror = () => {
      library = null;
      reject(new Error("hls.js did not come"));
    };
    document.head.append(script);
  });
  return library;
}

// A <video> that plays by itself.
function play(video) {
  video.play().catch(() => { /* the look says that it stands */ });
}

export function hls(player, report) {
  const { video, url } = player;
  let stream = null;
  let stopped = false;

  function byTheBrowser() {
    video.src = url;
    video.addEventListener("error", () => { if (!stopped) report.gone(); });
    play(video);
  }
  function byTheLibrary(Hls) {
    if (stopped) return;
    // A tile needs no buffer to speak of, and no thread of its own.
    stream = new Hls({
      enableWorker: false, maxBufferLength: 8, maxMaxBufferLength: 10, backBufferLength: 0, liveSyncDurationCount: 2,
      capLevelToPlayerSize: true, startLevel: 0, manifestLoadingMaxRetry: 0, levelLoadingMaxRetry: 2, fragLoadingMaxRetry: 2,
    });
    stream.on(Hls.Events.ERROR, (_name, error) => {
      if (!error.fatal || stopped) return;
      if (error.type === Hls.ErrorTypes.MEDIA_ERROR && !player.recovered) {
        player.recovered = true; // once: a stream that breaks twice is gone
        stream.recoverMediaError();
      } else report.gone();
    });
    stream.on(Hls.Events.MANIFEST_PARSED, () => play(video));
    stream.loadSource(url);
    stream.attachMedia(video);
  }

  // Chromium says "maybe" to everything it half knows; only where there is no library to be had is the browser asked.
  if (window.MediaSource) fetchLibrary().then(byTheLibrary, () => { if (!stopped) report.gone(); });
  else if (video.canPlayType("application/vnd.apple.mpegurl")) byTheBrowser();
  else setTimeout(report.gone);

  return {
    sound(on) { video.muted = !on; },
    stop() {
      stopped = true;
      stream?.destroy();
      video.removeAttribute("src");
      video.load();
    },
  };
}
