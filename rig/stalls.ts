/** How often is looked, ms. */
const periodMs = 50;
/** A pause of this length is told, ms: what judges allow for timers is less. */
export const stallMs = 200;

/**
 * Tells every time that this process stood still, and for how long, ms: the machine was too busy or asleep, and what was
 * due meanwhile was done and seen late, through no fault of the target. Returns what ends the watch.
 */
export function watchStalls(heard: (ms: number) => void): () => void {
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const overMs = nowMs - lastMs - periodMs;
    lastMs = nowMs;
    if (overMs >= stallMs) heard(Math.round(overMs));
  }, periodMs);
  timer.unref();
  return () => clearInterval(timer);
}
