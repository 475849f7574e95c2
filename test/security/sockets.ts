import fs from 'node:fs';
import { family } from '../e2e/processes.ts';

export interface Socket {
  pid: number;
  protocol: string;
  remote: string;
  local: string;
}

const TABLES = ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'];

/** Internet sockets of a process and all its children, as the kernel lists them. */
export function internetSockets(pid: number): Socket[] {
  return family(pid).flatMap(({ pid: member }) => {
    const own = socketInodes(member);
    return TABLES.flatMap((protocol) =>
      rows(member, protocol)
        .filter(({ inode }) => own.has(inode))
        .map(({ local, remote }) => ({ pid: member, protocol, local, remote })),
    );
  });
}

/** Sockets that reach, or can be reached from, beyond this machine. */
export function remoteSockets(pid: number): Socket[] {
  return internetSockets(pid).filter(({ local, remote }) => {
    const listening = isUnspecified(remote);
    return listening ? !isLoopback(local) : !isLoopback(remote);
  });
}

function socketInodes(pid: number): Set<string> {
  try {
    const links = fs.readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return fs.readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return [];
      }
    });
    return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  } catch {
    // Chromium's sandboxed processes do not let themselves be looked at; they cannot make sockets either.
    return new Set();
  }
}

function rows(pid: number, protocol: string): { local: string; remote: string; inode: string }[] {
  try {
    const [, ...lines] = fs.readFileSync(`/proc/${pid}/net/${protocol}`, 'utf8').trim().split('\n');
    return lines.map((line) => {
      const fields = line.trim().split(/\s+/);
      return { local: fields[1]!, remote: fields[2]!, inode: fields[9]! };
    });
  } catch {
    return [];
  }
}

// The kernel writes addresses as hexadecimal words in the machine's byte order: 0100007F is 127.0.0.1.
const address = (end: string): string => end.split(':')[0]!;
const isUnspecified = (end: string): boolean => /^0+$/.test(address(end));
const isLoopback = (end: string): boolean =>
  /^[0-9A-F]{6}7F$|^0{24}01000000$|^0{16}0000FFFF[0-9A-F]{6}7F$/.test(address(end));
