/** Questions to a Python kernel that leave no trace in it: no output, no history, no variable. */
import { Kernel } from '@jupyterlab/services';

/** Milliseconds that a kernel may take over an answer that somebody waits for. */
const PATIENCE = 4000;

/** A variable of the notebook. */
export interface IVariable {
  name: string;
  type: string;
}

/** A module in memory whose file is no longer the one that it was read from. */
export interface IStaleModule {
  /** Tells the module object from one that is imported in its place. */
  id: number;
  file: string;
}

/** Where the kernel's Python is; null where it does not say. */
export const PREFIX = `__import__('sys').prefix`;

/** Names and types of what a restart would lose, modules aside. */
export const VARIABLES = `{
  n: type(v).__name__ for n, v in list(get_ipython().user_ns.items())
  if not n.startswith('_') and n not in get_ipython().user_ns_hidden
  and type(v).__name__ != 'module'
}`;

/** Modules of the environment whose file has been linked or removed since a time (seconds). */
export function staleSince(seconds: number): string {
  return `{
  n: {'id': id(m), 'file': f}
  for n, m in list(__import__('sys').modules.items())
  for f in [getattr(m, '__dict__', {}).get('__file__')]
  if isinstance(f, str) and f.startswith(__import__('sys').prefix)
  and (not __import__('os').path.exists(f)
       or __import__('os').stat(f).st_ctime >= ${Number(seconds)})
}`;
}

/** Those of some modules (name to id) that are still the same objects. */
export function stillLoaded(ids: ReadonlyMap<string, number>): string {
  const wanted = JSON.stringify([...ids]);
  return `[n for n, i in ${wanted} if id(__import__('sys').modules.get(n)) == i]`;
}

/**
 * Evaluate a Python expression of JSON values in a kernel; null when there is no answer: not
 * Python, an error, or busy for longer than `patience` (0: however long it takes).
 */
export async function ask<T>(
  kernel: Kernel.IKernelConnection,
  expression: string,
  patience = PATIENCE
): Promise<T | null> {
  const late = new Promise<null>(resolve => {
    if (patience > 0) {
      window.setTimeout(() => resolve(null), patience);
    }
  });
  return Promise.race([evaluated<T>(kernel, expression), late]);
}

async function evaluated<T>(
  kernel: Kernel.IKernelConnection,
  expression: string
): Promise<T | null> {
  const { language_info } = await kernel.info;
  if (language_info.name !== 'python') {
    return null; // another language would take the expression for its own
  }
  const hex = `__import__('json').dumps(${expression}).encode().hex()`;
  const future = kernel.requestExecute({
    code: '',
    silent: true,
    store_history: false,
    user_expressions: { answer: hex.replace(/\s+/g, ' ') },
    allow_stdin: false
  });
  return future.done.then(
    reply => fromHex<T>(reply as unknown as IReply),
    () => null // the kernel was restarted or shut down meanwhile
  );
}

interface IReply {
  content: {
    user_expressions?: {
      answer?: { status: string; data?: { 'text/plain'?: string } };
    };
  };
}

/** Read an answer: the repr of a text of hexadecimal digits, which needs no unquoting. */
function fromHex<T>(reply: IReply): T | null {
  const text =
    reply.content.user_expressions?.answer?.data?.['text/plain'] ?? '';
  const digits = /^'([0-9a-f]*)'$/.exec(text)?.[1];
  if (!digits) {
    return null;
  }
  const bytes = digits.match(/../g)!.map(pair => parseInt(pair, 16));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes))) as T;
}
