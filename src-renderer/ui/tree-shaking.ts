/**
 * For the bundler: a component of the kit does nothing by being imported, so that it stands with the pages that show it, and not in
 * the first load of all because the kit has one door. Its styles come with it.
 */
export const kitTreeshake = { moduleSideEffects: [{ test: /[\\/]src-renderer[\\/]ui[\\/][A-Z]\w*\.tsx$/, sideEffects: false }] }
