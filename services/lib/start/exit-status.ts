/** EX_CONFIG of sysexits.h: the environment or a seam file is wrong. Starting again without mending it is no use. */
export const badConfiguration = 78
