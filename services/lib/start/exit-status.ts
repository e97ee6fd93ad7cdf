/**
 * EX_CONFIG of sysexits.h: the environment or a seam file is not valid. A restart without a fix
 * fails again.
 */
export const badConfigurationExitStatus = 78
