import { readFile, rm } from 'node:fs/promises';
import { replaceFile } from '#core';
import type { EngineFacts } from './supervisor.ts';

/** What `engine.json` says about the engine that runs on a data folder: how other processes find it. */
export interface Registration {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly pid: number;
  /** ISO instant. */
  readonly startedAt: string;
}

/** Writes the registration (mode 0600: it holds the password). */
export const register = (path: string, facts: EngineFacts, startedAt: Date): Promise<void> => {
  const { url, username, password, pid } = facts;
  const registration: Registration = { url, username, password, pid, startedAt: startedAt.toISOString() };
  return replaceFile(path, `${JSON.stringify(registration, undefined, 2)}\n`, 0o600);
};

/** Removes the registration at an orderly stop. */
export const unregister = (path: string): Promise<void> => rm(path, { force: true });

/**
 * The engine that is running on the data folder, or undefined: there is no file, it cannot be read, its process has
 * gone, or what answers there does not know the password (the file is a left-over of a killed process).
 */
export const findRunning = async (path: string): Promise<Registration | undefined> => {
  const registration = await readRegistration(path);
  if (registration === undefined || !isAlive(registration.pid)) return undefined;
  try {
    const response = await fetch(`${registration.url}/?query=SELECT%201`, {
      headers: { 'X-ClickHouse-User': registration.username, 'X-ClickHouse-Key': registration.password },
      signal: AbortSignal.timeout(5_000),
    });
    const text = await response.text();
    return response.ok && text === '1\n' ? registration : undefined;
  } catch {
    return undefined;
  }
};

const readRegistration = async (path: string): Promise<Registration | undefined> => {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { url, username, password, pid, startedAt } = value as Record<string, unknown>;
    if (typeof url !== 'string' || typeof username !== 'string' || typeof password !== 'string')
      return undefined;
    if (typeof pid !== 'number' || typeof startedAt !== 'string') return undefined;
    // Only loopback: the password is sent there.
    if (new URL(url).hostname !== '127.0.0.1') return undefined;
    return { url, username, password, pid, startedAt };
  } catch {
    return undefined;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
