import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { Tab, PanelModel } from '../model';
import { XcondaPanel } from '../Panel';
import {
  aJob,
  anEnvironment,
  anOperation,
  aPlan,
  FakeClient
} from '../testing';
import { Words } from '../words';

/** Replaces each word of the extension by `*`, and leaves what is put into sentences. */
function starring(): ITranslator {
  const words = nullTranslator.load('xconda');
  const star = (...args: unknown[]) => ['*', ...args].join(' ');
  const trans = Object.assign(Object.create(words) as Words, {
    __: (_: string, ...args: unknown[]) => star(...args),
    _n: (_: string, __: string, ...args: unknown[]) => star(...args)
  });
  return { ...nullTranslator, load: () => trans } as ITranslator;
}

async function panel(tab: Tab, translator: ITranslator): Promise<string> {
  const client = new FakeClient();
  client.here = [
    { ...anEnvironment('work'), is_active: true },
    { ...anEnvironment('old'), is_writable: false },
    { ...anEnvironment('kept'), is_frozen: true }
  ];
  const plan = {
    ...aPlan([
      anOperation('numpy', { movement: 'upgrade', needed_by: ['pandas'] }),
      anOperation('scipy', { kind: 'remove', movement: 'remove', new: null })
    ]),
    onto: 'environment' as const,
    variables: ['MY_PLACE'],
    pip: ['requests']
  };
  const job = aJob({ id: 'j', command: 'c', plan, awaits_confirmation: true });
  client.known.set('j', job);
  const model = new PanelModel(client);
  await model.refresh();
  model.setNaming(true);
  model.show(tab);
  const deeds = { openMenu: () => undefined, copy: () => undefined };
  const shown = new XcondaPanel(model, null, deeds, translator);
  Widget.attach(shown, document.body);
  await shown.renderPromise;
  await new Promise(done => setTimeout(done, 0));
  const page = shown.node.innerHTML;
  shown.dispose();
  return page;
}

/** What a reader or a screen reader is told: text, labels, titles and placeholders. */
function told(page: string): string[] {
  const holder = document.createElement('div');
  holder.innerHTML = page;
  const found: string[] = [];
  const nodes = document.createTreeWalker(holder, NodeFilter.SHOW_ALL);
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    found.push(node.nodeType === Node.TEXT_NODE ? node.textContent! : '');
    if (node instanceof Element) {
      for (const name of ['aria-label', 'title', 'placeholder']) {
        found.push(node.getAttribute(name) ?? '');
      }
    }
  }
  return found.filter(Boolean);
}

describe('the panel', () => {
  const FACTS =
    /work|old|kept|numpy|scipy|pandas|MY_PLACE|requests|demo|upgrade|remove|\/envs\/\w*|\b(python|ipykernel|c)\b|1\.0|\d+|[kM]?B\b/g;

  it.each<Tab>(['packages', 'history'])(
    'says nothing on its tab %s that was not translated',
    async tab => {
      const words = told(await panel(tab, starring()));
      const left = words
        .map(each => each.replace(FACTS, '').replace(/[^\p{L}]/gu, ''))
        .filter(Boolean);
      expect(left).toEqual([]);
      expect(words.filter(each => each.includes('*')).length).toBeGreaterThan(
        9
      );
    }
  );

  it('gives each button, field and choice a name for screen readers', async () => {
    const holder = document.createElement('div');
    holder.innerHTML = await panel('packages', nullTranslator);
    const controls = [...holder.querySelectorAll('button, input, select')];
    const nameless = controls.filter(
      each => !each.getAttribute('aria-label') && !each.textContent?.trim()
    );
    expect(nameless.map(each => each.outerHTML)).toEqual([]);
    expect(controls.length).toBeGreaterThan(8);
  });
});
