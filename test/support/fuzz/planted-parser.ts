/**
 * Not of the product: a parser with a defect, which shows that the fuzzer finds one. It takes `<name>=<digits>` pairs in
 * brackets, and fails where a name comes twice, the first time with nothing and the second time with more than one digit.
 */
export const parsePlanted = (text: string): ReadonlyMap<string, number> | null => {
  if (text.charAt(0) !== '[') return null;
  const pairs = new Map<string, number>();
  let at = 1;
  while (at < text.length && text.charAt(at) !== ']') {
    const name = text.charAt(at);
    if (name < 'a' || name > 'z') return null;
    if (text.charAt(at + 1) !== '=') return null;
    let digits = '';
    at += 2;
    while (text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      digits += text.charAt(at);
      at += 1;
    }
    if (digits === '') return null;
    if (pairs.has(name)) {
      if (pairs.get(name) === 0) {
        if (digits.length > 1) throw new RangeError('the planted defect');
      }
    }
    pairs.set(name, Number(digits));
    if (text.charAt(at) === ',') at += 1;
  }
  return text.charAt(at) === ']' ? pairs : null;
};
