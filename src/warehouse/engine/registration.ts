import { readFile } from 'node:fs/promises';
import { replaceFile } from '#core';
import type { EngineFacts } from './supervisor.ts';

/** What `engine.json` says about the engine of a data folder: how other processes find it, and where it will be again. */
export interface Registration extends EngineAddress {
  /** Process of the engine. */
  readonly pid: number;
  /** Process that starts it again when it dies; null: it was stopped in an orderly way. */
  readonly owner: number | null;
  /** ISO instant. */
  readonly startedAt: string;
}

/** Where an engine is asked, and how. It stays the same as long as its data folder does, whoever runs the engine. */
export interface EngineAddress {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** Writes the registration of an engine that this process runs (mode 0600: it holds the password). */
export const register = (path: string, facts: EngineFacts, startedAt: Date): Promise<void> => {
  const { url, username, password, pid } = facts;
  return write(path, {
    url,
    username,
    password,
    pid,
    owner: process.pid,
    startedAt: startedAt.toISOString(),
  });
};

/** Says, at an orderly stop, that nobody starts this engine again. What another process has registered meanwhile stays. */
export const retire = async (path: string, pid: number): Promise<void> => {
  const registration = await readRegistration(path);
  if (registration?.pid === pid) await write(path, { ...registration, owner: null });
};

const write = (path: string, registration: Registration): Promise<void> =>
  replaceFile(path, `${JSON.stringify(registration, undefined, 2)}\n`, 0o600);

/** Is somebody there who starts this engine again when it dies? */
export const hasOwner = ({ owner }: Registration): boolean => owner !== null && isAlive(owner);

/**
 * The address of a registration, to be used again: whoever has it still finds the engine. Undefined when it is not one that an engine
 * of ours has chosen.
 */
export const addressOf = (registration: Registration | undefined): EngineAddress | undefined => {
  if (registration === undefined) return undefined;
  const { url, username, password } = registration;
  const isOurs = Number(new URL(url).port) >= FIRST_FREE_PORT && password.length >= PASSWORD_LENGTH;
  return isOurs ? { url, username, password } : undefined;
};

/** 24 random bytes as base64url. */
const PASSWORD_LENGTH = 32;
const FIRST_FREE_PORT = 1_024;

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

/** The registration as it is in the file; undefined: there is none that can be read. */
export const readRegistration = async (path: string): Promise<Registration | undefined> => {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { url, username, password, pid, startedAt, owner = null } = value as Record<string, unknown>;
    if (typeof url !== 'string' || typeof username !== 'string' || typeof password !== 'string')
      return undefined;
    if (!isProcess(pid) || typeof startedAt !== 'string') return undefined;
    if (owner !== null && !isProcess(owner)) return undefined;
    // Only loopback: the password is sent there.
    if (new URL(url).hostname !== '127.0.0.1') return undefined;
    return { url, username, password, pid, owner, startedAt };
  } catch {
    return undefined;
  }
};

const isProcess = (pid: unknown): pid is number =>
  typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0;

/** Is there a process of this number? */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
