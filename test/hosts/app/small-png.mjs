// A picture of a page as a PNG with a palette: a third of what the browser writes.
import { crc32, deflateSync } from "node:zlib";

/** The pixels of a screenshot, four bytes each; the page decodes it. */
const pixelsOf = async (page, screenshot) => {
  const source = `data:image/png;base64,${screenshot.toString("base64")}`;
  const { width, height, data } = await page.evaluate(async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const { width, height } = image;
    const pen = new OffscreenCanvas(width, height).getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, width, height);
    const text = Array.from({ length: Math.ceil(data.length / 32_768) }, (_, at) =>
      String.fromCharCode(...data.subarray(at * 32_768, (at + 1) * 32_768)),
    ).join("");
    return { width, height, data: btoa(text) };
  }, source);
  return { width, height, data: Buffer.from(data, "base64") };
};

const apart = (one, other) =>
  [16, 8, 0].reduce((sum, by) => sum + (((one >> by) & 255) - ((other >> by) & 255)) ** 2, 0);

/** The colours that most pixels have, none nearer to another one than `distance`: rare ones that stand out stay. */
const paletteOf = (byCount, distance) => {
  const palette = [];
  for (const color of byCount)
    if (palette.every((one) => apart(one, color) > distance)) palette.push(color);
  return palette;
};

/** At most 256 colours, and for each pixel the nearest of them. */
const indexed = ({ data }) => {
  const colors = Array.from({ length: data.length / 4 }, (_, at) => data.readUIntBE(at * 4, 3));
  const counts = new Map();
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1);
  const byCount = [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one));
  let distance = 0;
  let palette = byCount;
  while (palette.length > 256) {
    distance += 50;
    palette = paletteOf(byCount, distance);
  }
  const nearestTo = (color) =>
    palette.reduce((best, one) => (apart(one, color) < apart(best, color) ? one : best));
  const places = new Map(byCount.map((color) => [color, palette.indexOf(nearestTo(color))]));
  return { palette, pixels: Buffer.from(colors.map((color) => places.get(color))) };
};

const chunk = (type, body) => {
  const typed = Buffer.concat([Buffer.from(type), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
};

/** The screenshot with at most 256 colours; `page` is any open page. */
export const smallPng = async (page, screenshot) => {
  const picture = await pixelsOf(page, screenshot);
  const { width, height } = picture;
  const { palette, pixels } = indexed(picture);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  // Eight bits a pixel, each the place of a colour in the palette.
  header.set([8, 3, 0, 0, 0], 8);
  const colors = Buffer.from(palette.flatMap((one) => [one >> 16, (one >> 8) & 255, one & 255]));
  const rows = Array.from({ length: height }, (_, row) =>
    Buffer.concat([Buffer.of(0), pixels.subarray(row * width, (row + 1) * width)]),
  );
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("PLTE", colors),
    chunk("IDAT", deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
};
