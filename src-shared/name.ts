/** What takes no room on paper: controls, spaces, marks without a letter, and what a font leaves out. The blank braille cell is none of these. */
const seen = /[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether a name shows anything at all. Joiners, marks and spaces beside what is seen do no harm: some languages need them. */
export const isVisible = (name: string): boolean => seen.test(name);
