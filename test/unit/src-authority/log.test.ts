import { expect, test } from 'vitest';
import { createLog } from '../../../src-authority/http/log.ts';

const lines: Record<string, unknown>[] = [];
const log = createLog({ write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
const logged = (event: object): Record<string, unknown> => {
  log.info(event, 'it happened');
  return lines.at(-1) ?? {};
};

test('what a reader of the log could use is struck out, wherever it stands in an event', () => {
  expect(logged({ token: 't', mail: { otp: '1', to: 'a@b.example', more: { licenseFile: 'f', size: 3 } }, all: [{ password: 'p' }], answer: { 'set-cookie': 'c' } })).toMatchObject({
    msg: 'it happened', token: '[secret]', mail: { otp: '[secret]', to: 'a@b.example', more: { licenseFile: '[secret]', size: 3 } }, all: [{ password: '[secret]' }], answer: { 'set-cookie': '[secret]' },
  });
});

test('an error is logged with its words, its stack and its causes, and without what it carries in secret', () => {
  const error = Object.assign(new Error('outer', { cause: new Error('inner') }), { code: 'E_OUTER', request: { body: 'b' }, response: { authorization: 'a', status: 500 } });
  const { err } = logged({ err: error });
  expect(err).toMatchObject({ type: 'Error', message: 'outer: inner', code: 'E_OUTER', request: '[secret]', response: { authorization: '[secret]', status: 500 } });
  expect((err as { readonly stack: string }).stack).toContain('inner');
});

test('of a request and its answer the log has the method, the path, the address and the status, and no more', () => {
  const event = logged({ req: { method: 'GET', url: '/v1/keyset?after=2', ip: '127.0.0.1', headers: { cookie: 'c' }, body: { x: 1 } }, res: { statusCode: 200, headers: {} } });
  expect(event['req']).toEqual({ method: 'GET', path: '/v1/keyset', address: '127.0.0.1' });
  expect(event['res']).toEqual({ status: 200 });
});
