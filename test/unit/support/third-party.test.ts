import { describe, expect, it } from 'vitest';
import { noticeText, packageFolder } from '../../../third-party.config.ts';

describe('the notices of third parties', () => {
  it('know the package of a module, also of one inside another and of a scope', () => {
    expect(packageFolder('/p/node_modules/react/index.js')).toBe('/p/node_modules/react');
    expect(packageFolder('/p/node_modules/a/node_modules/@scope/b/dist/x.js?commonjs-module')).toBe('/p/node_modules/a/node_modules/@scope/b');
    expect(packageFolder('\0/p/node_modules/zod/v4/index.js')).toBe('/p/node_modules/zod');
    expect(packageFolder('C:\\p\\node_modules\\@noble\\curves\\ed25519.js')).toBe('C:\\p\\node_modules\\@noble\\curves');
    expect([packageFolder('/p/src-main/main.ts'), packageFolder('\0rolldown/runtime.js')]).toEqual([null, null]);
  });

  it('name each package with its license, and say where a text is missing', () => {
    const text = noticeText([
      { name: 'zod', version: '4.0.0', license: 'MIT', text: 'Copyright of zod' },
      { name: 'bare', version: '1.0.0', license: '', text: '' },
    ]);
    expect(text).toMatch(/bare 1\.0\.0\nLicense: not named\n\nThe package carries no text[^]*zod 4\.0\.0\nLicense: MIT\n\nCopyright of zod\n$/);
  });
});
