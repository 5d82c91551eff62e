/** Whether a drag brings files. */
export const carriesFiles = (event: { readonly dataTransfer: DataTransfer | null }): boolean => event.dataTransfer?.types.includes('Files') ?? false
