/** Loaded into a child before its program: a parent that goes away, however it ends, takes the child along. */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The channel is for that alone, and must not keep a program alive that has finished.
process.channel?.unref();
