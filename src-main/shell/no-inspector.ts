/**
 * SECURITY: a SIGUSR1 makes Node open its inspector, through which every process of this computer that reaches loopback could read
 * keys and passwords. A listener takes the signal away from Node; in a packaged app a fuse does, too. To be imported before all else.
 */
process.on('SIGUSR1', () => undefined);
