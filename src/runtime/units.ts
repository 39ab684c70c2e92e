/** Sizes in bytes, for limits: `memorySize: 32 * MiB`. */

/** Bytes: 2^10. */
export const KiB = 1024;
/** Bytes: 2^20. */
export const MiB = 1024 * KiB;
/** Bytes: 2^30. */
export const GiB = 1024 * MiB;
