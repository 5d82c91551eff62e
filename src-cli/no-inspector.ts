/**
 * SECURITY: a SIGUSR1 makes Node open its inspector, through which every process of this computer that reaches loopback could read
 * keys and passwords. A listener takes the signal away from Node. To be imported before all else.
 */
process.on('SIGUSR1', () => undefined);
