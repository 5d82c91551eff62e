// Loaded before a program (`node --import`): a runtime whose WebCrypto does not know Ed25519, as one built without it has.
import { webcrypto } from 'node:crypto';

for (const name of ['generateKey', 'importKey', 'sign', 'verify']) {
  const real = webcrypto.subtle[name];
  Object.getPrototypeOf(webcrypto.subtle)[name] = function (...args) {
    const asksForIt = args.some((arg) => arg === 'Ed25519' || arg?.name === 'Ed25519');
    return asksForIt ? Promise.reject(new DOMException('Unrecognized algorithm name', 'NotSupportedError')) : real.apply(webcrypto.subtle, args);
  };
}
