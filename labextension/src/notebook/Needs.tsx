/** What the cells of the notebook import and its environment has not, with what brings it. */
import * as React from 'react';

import { INotebookReport } from '../api/types';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';
import { NotebookModel } from './model';

interface IProps {
  notebook: NotebookModel;
  model: PanelModel;
  trans: Words;
  path: string;
}

export function Needs(props: IProps): JSX.Element | null {
  const { notebook, model, trans, path } = props;
  const report = useReport(props);
  const missing = report?.needs?.missing;
  const isAnything =
    missing?.modules.length ||
    report?.needs?.unmet.length ||
    report?.drift.words.length;
  if (!report || !isAnything) {
    return null;
  }
  const { environment } = notebook;
  const canInstall = !!environment?.is_writable && !environment.is_frozen;
  const install = (specs: string[]) =>
    void model.begin({ verb: 'install', prefix: notebook.prefix, specs });
  return (
    <section aria-label={trans.__('What %1 needs', path)}>
      {report.drift.words.map(words => (
        <p key={words} className="xc-Note">
          {words}
        </p>
      ))}
      {missing && missing.modules.length > 0 && (
        <>
          <h4>{trans.__('Imported, and not installed')}</h4>
          <ul className="xc-Missing">
            {missing.modules.map(each => (
              <Missing
                key={each.module}
                {...{ each, install, canInstall, trans }}
              />
            ))}
          </ul>
          {missing.packages.length > 1 && (
            <button
              className="jp-mod-styled"
              disabled={!canInstall}
              onClick={() => install(missing.packages)}
            >
              {trans.__('Install all of it')}
            </button>
          )}
        </>
      )}
      {(report.needs?.unmet ?? []).map(each => (
        <p key={each.requirement} className="xc-Note">
          {each.installed
            ? trans.__(
                'Asks for %1; %2 is there.',
                each.requirement,
                each.installed
              )
            : trans.__('Asks for %1, which is not there.', each.requirement)}
        </p>
      ))}
    </section>
  );
}

type Module = NonNullable<
  INotebookReport['needs']
>['missing']['modules'][number];

function Missing(props: {
  each: Module;
  install: (specs: string[]) => void;
  canInstall: boolean;
  trans: Words;
}): JSX.Element {
  const { each, install, canInstall, trans } = props;
  const offer = each.offers.find(one => one.check !== 'refused');
  return (
    <li className="xc-Row">
      <code>{each.module}</code>
      {offer ? (
        <button
          className="xc-Link"
          title={offer.words}
          disabled={!canInstall}
          onClick={() => install([offer.package])}
        >
          {trans.__('Install %1', offer.package)}
        </button>
      ) : (
        <span title={each.offers[0]?.words}>
          {each.offers.length
            ? trans.__('%1 does not fit here', each.offers[0].package)
            : trans.__('no package is known that has it')}
        </span>
      )}
    </li>
  );
}

/** The server's report, read again when the notebook is saved and when a change has ended. */
function useReport(props: IProps): INotebookReport | null {
  const { notebook, model, path } = props;
  const [report, setReport] = React.useState<INotebookReport | null>(null);
  const context = notebook.notebook?.context;
  React.useEffect(() => {
    let isCurrent = true;
    const read = () =>
      void model
        .notebook(path)
        .then(found => isCurrent && setReport(found))
        .catch(() => isCurrent && setReport(null)); // not saved, or of another drive
    const saved = (_: unknown, state: string) =>
      state === 'completed' && read();
    read();
    context?.saveState.connect(saved);
    model.jobs.finished.connect(read);
    return () => {
      isCurrent = false;
      context?.saveState.disconnect(saved);
      model.jobs.finished.disconnect(read);
    };
  }, [path, context, model]);
  return report;
}
