/** Two editions of a product are two licenses: "Aurora Stage Live Event". */
export const licenseName = ({ product, edition }: { readonly product: { readonly name: string }; readonly edition: string | null }): string =>
  [product.name, edition].filter((part) => part !== null).join(' ');
