// SQLite files, with Python's module, as node has none.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

const pageSize = 4096;

const python = (script, ...args) => execFileSync('python3', ['-c', script, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });

// Rows of one column, as text.
export const select = (file, sql) =>
  python('import sqlite3,sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(row[0])', file, sql).split('\n').filter(Boolean);

// Feedback of long ago, so many rows of it.
export const addOldFeedback = (file, rows) => python("import sqlite3,sys\nc = sqlite3.connect(sys.argv[1])\nc.executemany(\"INSERT INTO feedback VALUES"
  + " (?, 'north', '', 's', 'old', 0, '', '', '', 1, 1, 0, '')\", ((str(i),) for i in range(int(sys.argv[2]))))\nc.commit()", file, rows);

// Somebody holds the file's write lock until the function that is returned is called.
export async function lock(file) {
  const holder = spawn('python3', ['-c', 'import sqlite3,sys\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\nc.execute("BEGIN IMMEDIATE")\n'
    + 'print("locked", flush=True)\nsys.stdin.read()\nc.execute("COMMIT")', file], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  return async () => {
    const ended = once(holder, 'exit');
    holder.stdin.end();
    await ended;
  };
}

function writeBytes(file, bytes, at) {
  const open = openSync(file, 'r+');
  writeSync(open, bytes, 0, bytes.length, at);
  closeSync(open);
}

// Every page but the first is nonsense, also to who has read it before, until the function that is returned is called. The other connections
// are idle.
export function damage(file) {
  python('import sqlite3,sys\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\n'
    + 'for sql in ("CREATE TABLE changed (x)", "DROP TABLE changed", "PRAGMA wal_checkpoint(TRUNCATE)"): c.execute(sql).fetchall()', file);
  const good = readFileSync(file);
  writeBytes(file, Buffer.alloc(good.length - pageSize, 0xff), pageSize);
  return () => writeBytes(file, good, 0);
}
