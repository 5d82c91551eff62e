import { describe, expect, it } from 'vitest';
import { nextZoom, zoomKey } from '../../../src-main/shell/zoom-steps.ts';

const press = (key: string, more: Partial<Parameters<typeof zoomKey>[0]> = {}) =>
  ({ type: 'keyDown', key, code: '', isComposing: false, shift: false, control: true, alt: false, meta: false, ...more }) as const;
const everywhere = ['linux', 'win32', 'darwin'] as const;
const command = (platform: NodeJS.Platform) => (platform === 'darwin' ? { control: false, meta: true } : { control: true, meta: false });

describe('a zoom key', () => {
  it.each(everywhere)('is Ctrl or Cmd with the character, wherever a keyboard has it, on %s', (platform) => {
    const of = (key: string, more = {}) => zoomKey(press(key, { ...command(platform), ...more }), platform);
    expect([of('+'), of('+', { shift: true }), of('='), of('+', { code: 'NumpadAdd' })]).toEqual(['in', 'in', 'in', 'in']);
    expect([of('-'), of('_', { shift: true }), of('-', { code: 'NumpadSubtract' })]).toEqual(['out', 'out', 'out']);
    expect([of('0'), of('0', { code: 'Numpad0' }), of('à', { code: 'Digit0' })]).toEqual(['reset', 'reset', 'reset']);
  });

  it('is no other: without the modifier, with AltGr, released, while a character is composed, the pad without its numbers, another digit', () => {
    const no = [
      press('+', { control: false }), press('+', { alt: true }), { ...press('+'), type: 'keyUp' as const }, press('+', { isComposing: true }),
      press('Insert', { code: 'Numpad0' }), press(')', { code: 'Digit0', shift: true }), press('1'), press('='.repeat(2)), press('+', { meta: true }),
    ];
    expect(no.map((input) => zoomKey(input, 'linux'))).toEqual(no.map(() => null));
    expect(zoomKey(press('+'), 'darwin')).toBeNull();
  });
});

describe('the next zoom', () => {
  it('goes in steps from half to three times the size, and no further', () => {
    let factor = 1;
    const seen = Array.from({ length: 9 }, () => (factor = nextZoom(factor, 'in')));
    expect(seen).toEqual([1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3, 3]);
    expect(Array.from({ length: 13 }, () => (factor = nextZoom(factor, 'out')))).toEqual([2.5, 2, 1.75, 1.5, 1.25, 1.1, 1, 0.9, 0.8, 0.75, 0.67, 0.5, 0.5]);
    expect(nextZoom(factor, 'reset')).toBe(1);
  });

  it('finds the step beside a size that is none, as a level gives it back', () => {
    expect(nextZoom(1.2 ** (Math.log(1.1) / Math.log(1.2)), 'in')).toBe(1.25);
    expect(nextZoom(1.0999999, 'out')).toBe(1);
    expect([nextZoom(1.2, 'in'), nextZoom(1.2, 'out'), nextZoom(5, 'in'), nextZoom(5, 'out'), nextZoom(0.1, 'in'), nextZoom(0.1, 'out')]).toEqual([1.25, 1.1, 3, 3, 0.5, 0.5]);
  });
});
