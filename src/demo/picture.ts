/**
 * A picture drawn from its name, so that the demo needs no binary files: `shoes-800x500.svg` is 800 by 500 with colours of its own.
 * Any name gives a picture.
 */
export const picture = (name: string): string => {
  const [, width = '400', height = '300'] = /-(\d{1,4})x(\d{1,4})\.svg$/.exec(name) ?? [];
  const hue = Array.from(name).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);
  const circles = Array.from({ length: 24 }, (_, index) => {
    const x = (Number(width) * ((index * 37) % 100)) / 100;
    const y = (Number(height) * ((index * 61) % 100)) / 100;
    const radius = 20 + ((index * 53) % 90);
    return `<circle cx="${x}" cy="${y}" r="${radius}" fill="hsl(${(hue + index * 9) % 360} 60% 60% / 0.5)"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="hsl(${hue} 40% 85%)"/>${circles.join('')}</svg>`;
};
