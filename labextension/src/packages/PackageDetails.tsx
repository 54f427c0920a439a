/** All there is to know of one package: what is installed, its versions, what it needs. */
import { caretLeftIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { XcondaFailure } from '../api/client';
import { IPackage } from '../api/types';
import { IconButton } from '../environments/IconButton';
import { nameOf } from '../jobs/plan';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';
import { IVersion, sizeWords, versionsOf } from './versions';

const MOST_VERSIONS = 60;

interface IProps {
  name: string;
  model: PanelModel;
  trans: Words;
  open: (name: string) => void;
}

export function PackageDetails(
  props: IProps & { close: () => void }
): JSX.Element {
  const { name, model, trans, open, close } = props;
  const [records, setRecords] = React.useState<IPackage[] | null>(null);
  const [note, setNote] = React.useState('');
  React.useEffect(() => {
    let isCurrent = true;
    setRecords(null);
    setNote('');
    model
      .search(name)
      .then(found => isCurrent && setRecords(found))
      .catch(error => {
        const isTold = error instanceof XcondaFailure;
        if (isCurrent) {
          setRecords([]);
          setNote(isTold ? error.failure.what : String(error));
        }
      });
    return () => {
      isCurrent = false;
    };
  }, [name, model]);
  const article = React.useRef<HTMLElement>(null);
  React.useEffect(() => article.current?.focus(), [name]);
  const installed = model.packages.find(each => each.name === name);
  const told = installed ?? records?.[records.length - 1];
  return (
    <article
      ref={article}
      tabIndex={-1}
      className="xc-Details"
      aria-label={trans.__('Details of %1', name)}
      onKeyDown={event => event.key === 'Escape' && close()}
    >
      <div className="xc-Row xc-Details-head">
        <IconButton
          icon={caretLeftIcon}
          label={trans.__('Back to the list')}
          onClick={close}
        />
        <h3>{name}</h3>
      </div>
      {told && <Facts each={told} isThere={!!installed} trans={trans} />}
      {installed && <Actions {...props} />}
      <h4>{trans.__('Versions')}</h4>
      {note && <p className="xc-Note">{note}</p>}
      {records === null ? (
        <p className="xc-Note" role="status">
          {trans.__('Asking the channels …')}
        </p>
      ) : (
        <Versions {...props} records={records} installed={installed} />
      )}
      {told && <Needs each={told} model={model} trans={trans} open={open} />}
    </article>
  );
}

function Facts(props: {
  each: IPackage;
  isThere: boolean;
  trans: Words;
}): JSX.Element {
  const { each, isThere, trans } = props;
  const facts: [string, string][] = [
    [
      isThere ? trans.__('Installed') : trans.__('Newest'),
      `${each.version} (${each.build})`
    ],
    [trans.__('Channel'), `${each.channel}/${each.subdir}`],
    [trans.__('Licence'), each.license ?? trans.__('not stated')],
    [trans.__('Archive'), each.size ? sizeWords(each.size) : '']
  ];
  return (
    <dl className="xc-Facts">
      {facts
        .filter(([, text]) => text)
        .map(([title, text]) => (
          <React.Fragment key={title}>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </React.Fragment>
        ))}
    </dl>
  );
}

function Actions({ name, model, trans }: IProps): JSX.Element {
  const begin = (verb: 'update' | 'remove') =>
    void model.begin({ verb, specs: [name] });
  return (
    <div className="xc-Buttons xc-mod-start">
      <button
        className="jp-mod-styled"
        disabled={!model.canChange}
        onClick={() => begin('update')}
      >
        {trans.__('Update')}
      </button>
      <button
        className="jp-mod-styled"
        disabled={!model.canChange}
        onClick={() => begin('remove')}
      >
        {trans.__('Remove')}
      </button>
    </div>
  );
}

function Versions(
  props: IProps & { records: IPackage[]; installed: IPackage | undefined }
): JSX.Element {
  const { name, model, trans, records, installed } = props;
  const all = React.useMemo(() => versionsOf(records), [records]);
  if (!all.length) {
    return (
      <p className="xc-Note">{trans.__('The channels have none of it.')}</p>
    );
  }
  const install = (each: IVersion) =>
    void model.begin({ verb: 'install', specs: [`${name}=${each.version}`] });
  return (
    <ul className="xc-Versions">
      {all.slice(0, MOST_VERSIONS).map(each => (
        <li key={each.version} className="xc-Row">
          <span className="xc-Versions-version">{each.version}</span>
          <span className="xc-Versions-channel">
            {each.channels.join(', ')}
            {each.builds > 1 && ` · ${trans.__('%1 builds', each.builds)}`}
          </span>
          {each.version === installed?.version ? (
            <span className="xc-Versions-there">{trans.__('installed')}</span>
          ) : (
            <button
              className="xc-Link"
              disabled={!model.canChange}
              aria-label={trans.__('Install %1 %2', name, each.version)}
              onClick={() => install(each)}
            >
              {trans.__('Install')}
            </button>
          )}
        </li>
      ))}
      {all.length > MOST_VERSIONS && (
        <li className="xc-Note">
          {trans.__('and %1 older ones', all.length - MOST_VERSIONS)}
        </li>
      )}
    </ul>
  );
}

function Needs(props: {
  each: IPackage;
  model: PanelModel;
  trans: Words;
  open: (name: string) => void;
}): JSX.Element {
  const { each, model, trans, open } = props;
  const users = model.packages.filter(other =>
    other.depends.some(spec => nameOf(spec) === each.name)
  );
  const link = (name: string, words: string) => (
    <li key={words}>
      <button className="xc-Link" onClick={() => open(name)}>
        {words}
      </button>
    </li>
  );
  return (
    <>
      <h4>{trans.__('Needs')}</h4>
      <ul className="xc-Needs">
        {each.depends.map(spec =>
          spec.startsWith('__') ? (
            <li key={spec}>{spec}</li>
          ) : (
            link(nameOf(spec), spec)
          )
        )}
        {!each.depends.length && <li>{trans.__('nothing')}</li>}
      </ul>
      {users.length > 0 && (
        <>
          <h4>{trans.__('Needed by')}</h4>
          <ul className="xc-Needs">
            {users.map(user => link(user.name, user.name))}
          </ul>
        </>
      )}
    </>
  );
}
