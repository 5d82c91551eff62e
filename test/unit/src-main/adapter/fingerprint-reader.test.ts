import { expect, test } from 'vitest';
import { createFingerprintReader } from '../../../../src-main/adapter/machine/fingerprint.ts';
import type { Sources } from '../../../../src-main/adapter/machine/fingerprint.ts';

/** A computer of which something answers late, fails, or never answers. */
type Late<T> = { readonly asked: () => number; readonly source: () => Promise<T>; readonly answer: (value: T) => void; readonly fail: () => void };

const late = <T>(): Late<T> => {
  let asked = 0;
  let settle: { readonly resolve: (value: T) => void; readonly reject: (error: Error) => void } | null = null;
  return {
    asked: () => asked,
    source: () => new Promise((resolve, reject) => {
      asked += 1;
      settle = { resolve, reject };
    }),
    answer: (value) => settle?.resolve(value),
    fail: () => settle?.reject(new Error('EAGAIN')),
  };
};
const sources = (change: Partial<Sources> = {}): Sources => ({
  os: async () => '3d1219c7c4c5404aaa1f6d2a48adfda4', uuid: async () => ({ hardware: '4c4c4544-0051-3510-8052-b4c04f564432' }),
  board: async () => ({ manufacturer: 'Dell Inc.', model: '0X8DXD', serial: '/7QQ5RV2/' }), cpu: async () => ({ manufacturer: 'Intel', brand: 'Xeon', family: '6', model: '85', stepping: '7' }),
  disks: async () => [{ device: '/dev/nvme0n1', serialNum: 'S4EWNX0R512345', interfaceType: 'PCIe' }], blocks: async () => [{ device: '/dev/nvme0n1', name: 'nvme0n1', mount: '/', removable: false }],
  interfaces: async () => [{ iface: 'eno1', ifaceName: 'eno1', mac: '54:bf:64:0a:1b:2c', internal: false, virtual: false, type: 'wired' }], ...change,
});
const brief = { usual: 0, usualForOs: 0, needed: 30_000 };
const disks = [{ device: '/dev/nvme0n1', serialNum: 'S4EWNX0R512345', interfaceType: 'PCIe' }];

test('a part that is late is unread, and not absent', async () => {
  const slow = late<typeof disks>();
  const read = createFingerprintReader(sources({ disks: slow.source }), { ...brief, usual: 5, usualForOs: 5 });
  const present = await read();
  expect(present.unread).toEqual(['disk']);
  expect(Object.keys(present.parts)).toEqual(['os', 'board', 'cpu', 'net']);
});

test('a part that is late has all the time that it needs before a license is bound to it, and is not asked twice', async () => {
  const slow = late<typeof disks>();
  const read = createFingerprintReader(sources({ disks: slow.source }), { ...brief, usual: 5, usualForOs: 5 });
  await read();
  const whole = read('needed');
  slow.answer(disks);
  expect(await whole).toEqual(await createFingerprintReader(sources())('needed'));
  expect(slow.asked()).toBe(1);
});

test('a part that answered meanwhile is there at the next look, without another question', async () => {
  const slow = late<typeof disks>();
  const read = createFingerprintReader(sources({ disks: slow.source }), { ...brief, usual: 5, usualForOs: 5 });
  await read();
  expect((await read('rest')).unread).toEqual(['disk']);
  slow.answer(disks);
  const present = await read('rest');
  expect([present.unread, present.parts.disk?.length, slow.asked()]).toEqual([undefined, 1, 1]);
});

test('a part whose program could not be started is unread, and is asked for again', async () => {
  const broken = late<typeof disks>();
  const read = createFingerprintReader(sources({ disks: broken.source }), brief);
  const first = read('needed');
  broken.fail();
  expect((await first).unread).toEqual(['disk']);
  const second = read('needed');
  broken.answer(disks);
  expect((await second).unread).toBeUndefined();
  expect(broken.asked()).toBe(2);
});

test('a reading anew beside one that waits takes nothing from it', async () => {
  const slow = late<typeof disks>();
  const read = createFingerprintReader(sources({ disks: slow.source }), { ...brief, usual: 5, usualForOs: 5 });
  await read();
  const whole = read('needed');
  const anew = read();
  slow.answer(disks);
  await anew;
  expect((await whole).unread).toBeUndefined();
});

test('a part that never answers ends the wait in the end', async () => {
  const silent = late<typeof disks>();
  const read = createFingerprintReader(sources({ disks: silent.source }), { usual: 5, usualForOs: 5, needed: 10 });
  expect((await read('needed')).unread).toEqual(['disk']);
});
