import { z } from 'zod';

/** A host name, in small letters. */
export const hostname = z
  .string()
  .trim()
  .toLowerCase()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9._:[\]-]+$/, 'expected a host name');
