import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { TestAuthority } from './authority.ts';

/** What the person at the portal does with a file, over HTTP. */
const asManager = async (authority: TestAuthority) => authority.call(await authority.signIn('manager@northlight.example'));

/** The license file that answers a request file. */
export const answer = async (authority: TestAuthority, request: string, license: string, days: number): Promise<string> =>
  unwrap(await (await asManager(authority))(contract.exchange.answer, { body: { request, license, days } })).licenseFile;

/** The receipt for a release proof. */
export const acceptProof = async (authority: TestAuthority, proof: string): Promise<string> =>
  unwrap(await (await asManager(authority))(contract.exchange.accept, { body: { proof } })).receipt;
