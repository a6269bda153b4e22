/** Sets a V8 flag after a second: set at once, these flags make a start longer by a twelfth. */
const setLater = (flag: string): void => {
  const set = async () => (await import("node:v8")).setFlagsFromString(flag);
  setTimeout(set, 1000).unref();
};

/** Makes the heap grow slowly. Saves about 50 MB under load and costs little speed. */
export const growSlowly = (): void => setLater("--optimize-for-size");

/** Keeps the young generation small. It would grow by 30 MB, from which a server with one caller gains little. */
export const stayYoung = (): void => setLater("--semi-space-growth-factor=1");
