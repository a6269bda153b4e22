// Figures of repeated measurements.

const sorted = (values) => [...values].sort((a, b) => a - b);

export const median = (values) => sorted(values)[Math.floor(values.length / 2)];

const percentile = (values, part) =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * part))];

/** Runs each of the named measurements `times` times, in turns, so that what the machine does meanwhile hits all alike. */
export const interleaved = async (times, measurements) => {
  const all = Object.fromEntries(Object.keys(measurements).map((name) => [name, []]));
  for (let round = 0; round < times; round += 1)
    for (const [name, measure] of Object.entries(measurements)) all[name].push(await measure());
  return all;
};

/** Calls `work` until `ms` are over, with so many callers at once; calls a second and the 99th percentile in milliseconds. */
export const throughput = async (callers, ms, work) => {
  const took = [];
  const endsAt = performance.now() + ms;
  const startedAt = performance.now();
  const caller = async () => {
    while (performance.now() < endsAt) {
      const at = performance.now();
      await work();
      took.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - startedAt) / 1000;
  return { perSecond: took.length / seconds, p99: percentile(took, 0.99), median: median(took) };
};
