import { describe, expect, it } from 'vitest';
import { recipeOf } from '../domain.ts';
import { languages } from '../contract/index.ts';
import { drawArchitecture, type Mark } from './drawing.ts';
import { drawingWords } from './drawing-words.ts';
import { architectureFor, architectureNames } from './family/index.ts';
import { svgText } from './svg.ts';

const words = drawingWords('en');
const made = (name: (typeof architectureNames)[number]) => architectureFor(recipeOf(name));
const texts = (marks: readonly Mark[]): string[] =>
  marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));

describe('drawArchitecture', () => {
  it('names the layers of LeNet-5 as published, with shapes and counts', () => {
    const said = texts(drawArchitecture(made('lenet5-published'), words).marks);
    for (const expected of [
      'LeNet-5, 1998',
      '60,000 parameters, 328,096 multiply-adds per digit, 340,908 connections',
      'Input',
      '1@32×32',
      'C1',
      '6@28×28',
      '156 parameters',
      '117,600 multiply-adds',
      'C3',
      '16@10×10',
      '1,516 parameters',
      'subsampling 2×2',
      'scaled tanh',
      'F6',
      '84 units',
      'RBF, fixed codes',
      '0 parameters',
    ])
      expect(said).toContain(expected);
  });

  it('draws a map for each map', () => {
    const { marks } = drawArchitecture(made('lenet5'), words);
    const count = (tone: string): number =>
      marks.filter((mark) => mark.kind === 'area' && mark.tone === tone).length;
    // C1, S2: 6; C3, S4: 16; C5, F6, output: rows of units; windows of C1, S2, C3, S4, C5
    expect([count('input'), count('map'), count('vector'), count('window')]).toEqual([1, 44, 3, 5]);
  });

  it.each(architectureNames.flatMap((name) => [640, 1240].map((width) => [name, width] as const)))(
    '%s stays within %i pixels, and no text lies over another',
    (name, width) => {
      for (const language of languages) {
        const drawing = drawArchitecture(made(name), drawingWords(language), width);
        expect(drawing.width).toBeLessThanOrEqual(width);
        const lines = drawing.marks.filter((mark) => mark.kind === 'text');
        for (const { at, text } of lines) {
          expect(at[1]).toBeLessThanOrEqual(drawing.height);
          const others = lines.filter((other) => other.at[1] === at[1] && other.at[0] > at[0]);
          const next = Math.min(...others.map((other) => other.at[0]));
          // Half an em is a narrow guess for Latin, a whole one right for Chinese.
          expect(at[0] + text.length * (language === 'en' ? 5 : 6)).toBeLessThan(next);
        }
        const points = drawing.marks.flatMap((mark) => (mark.kind === 'area' ? [...mark.points] : []));
        for (const [x, y] of points) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(drawing.width);
          expect(y).toBeLessThanOrEqual(drawing.height);
        }
      }
    },
  );

  it('lists batch normalisation with the convolution before it', () => {
    const said = texts(drawArchitecture(made('compact'), words).marks);
    expect(said).toContain('C1, N1');
    expect(said).toContain('batch normalisation');
    // 9 x 16 of the kernels, 2 x 16 of the normalisation
    expect(said).toContain('176 parameters');
  });
});

describe('svgText', () => {
  it('stands alone, and a name cannot break out of its text', () => {
    const model = { ...made('lenet1'), name: '</text><script>alert("&")</script>' };
    const svg = svgText(drawArchitecture(model, words));
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&#60;script&#62;alert(&#34;&#38;&#34;)');
    expect(svg).not.toMatch(/currentColor|var\(/);
    const open = svg.match(/<[a-z]+(\s[^>]*[^/])?>/g)!.length;
    expect(svg.match(/<\/[a-z]+>/g)).toHaveLength(open);
  });
});
