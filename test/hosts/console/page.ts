/** The console of a sandbox in a browser: how it is opened, and what is measured in it. */

/** Opens the console, and waits until it is live. `problems` are what the browser complains of. */
export const openConsole = async (browser: any, url: string, options: object = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message: any) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", (error: Error) => problems.push(error.message));
  await page.goto(url);
  await page.getByText("Live", { exact: true }).waitFor();
  return { page, problems, close: () => context.close() };
};

// These run in the page, and can use nothing from here.

/** The parts of the page that are wider than their place. */
export const tooWide = () => {
  const { document, innerWidth } = globalThis as any;
  const parts = [document.scrollingElement, ...document.querySelectorAll(".scroll, dialog[open]")];
  return parts
    .filter((part: any) => part.scrollWidth > Math.min(innerWidth, part.clientWidth) + 1)
    .map((part: any) => part.id || part.tagName);
};

/** Visible text whose contrast with what is behind it is less than WCAG's AA asks for (4.5 to 1). */
export const tooFaint = () => {
  const { document, getComputedStyle } = globalThis as any;
  const numbersOf = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: number[]): number => {
    const [red = 0, green = 0, blue = 0] = color.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (one: any): number[] => {
    for (let at = one; at !== null; at = at.parentElement) {
      const color = numbersOf(getComputedStyle(at).backgroundColor);
      if (color[3] !== 0) return color;
    }
    return [255, 255, 255];
  };
  const hasText = (one: any): boolean =>
    [...one.childNodes].some((node: any) => node.nodeType === 3 && node.data.trim() !== "");
  const faint: string[] = [];
  for (const one of document.body.querySelectorAll("*")) {
    if (!hasText(one) || !one.checkVisibility()) continue;
    const [light, dark] = [numbersOf(getComputedStyle(one).color), behind(one)].map(luminance);
    const [higher = 0, lower = 0] = [light ?? 0, dark ?? 0].sort((a, b) => b - a);
    const ratio = (higher + 0.05) / (lower + 0.05);
    if (ratio < 4.5) faint.push(`${one.textContent.slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return faint;
};

/** The words of paths that go on in the next line. */
export const brokenWords = () => {
  const { document } = globalThis as any;
  const broken: string[] = [];
  for (const path of document.querySelectorAll(".path")) {
    const walker = document.createTreeWalker(path, 4);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      for (const { 0: word, index } of node.data.matchAll(/[^/?&]+/g)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        if (range.getClientRects().length > 1) broken.push(word);
      }
    }
  }
  return broken;
};

/** The placeholders of filters that do not fit. */
export const cut = () => {
  const { document, getComputedStyle } = globalThis as any;
  const pen = document.createElement("canvas").getContext("2d");
  return [...document.querySelectorAll("input[type=search]")]
    .filter((one: any) => {
      const { font, paddingLeft } = getComputedStyle(one);
      pen.font = font;
      const room = one.clientWidth - 2 * Number.parseFloat(paddingLeft);
      return pen.measureText(one.placeholder).width > room;
    })
    .map((one: any) => one.placeholder);
};
