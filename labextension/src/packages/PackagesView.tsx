/** What is installed, and what could be. */
import {
  addIcon,
  closeIcon,
  caretDownIcon,
  caretUpIcon,
  refreshIcon
} from '@jupyterlab/ui-components';
import * as React from 'react';

import { XcondaFailure } from '../api/client';
import { IPackage } from '../api/types';
import { IconButton } from '../environments/EnvironmentPicker';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';
import {
  IOffer,
  offers,
  queryFor,
  shown,
  sizeWords,
  SortKey
} from './versions';
import { VirtualList } from './VirtualList';

interface IProps {
  model: PanelModel;
  trans: Words;
}

export function PackagesView({ model, trans }: IProps): JSX.Element {
  const [word, setWord] = React.useState('');
  const [found, setFound] = React.useState<IPackage[] | null>(null);
  const [note, setNote] = React.useState('');
  const find = async () => {
    setNote(trans.__('Searching the channels …'));
    try {
      setFound(await model.search(queryFor(word)));
      setNote('');
    } catch (error) {
      setFound([]);
      setNote(
        error instanceof XcondaFailure ? error.failure.what : String(error)
      );
    }
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (word.trim()) {
      void find();
    }
  };
  return (
    <div className="xc-Packages">
      <form className="xc-Row xc-Search" role="search" onSubmit={submit}>
        <input
          className="jp-mod-styled"
          type="search"
          placeholder={trans.__('Filter, or press Enter to find more')}
          aria-label={trans.__('Filter packages; Enter searches the channels')}
          value={word}
          onChange={event => {
            setWord(event.target.value);
            setFound(null);
            setNote('');
          }}
        />
      </form>
      {note && (
        <p className="xc-Note" role="status">
          {note}
        </p>
      )}
      {found === null ? (
        <Installed model={model} trans={trans} filter={word} find={find} />
      ) : (
        <Offers model={model} trans={trans} found={found} />
      )}
    </div>
  );
}

function Installed(
  props: IProps & { filter: string; find: () => Promise<void> }
): JSX.Element {
  const { model, trans, filter, find } = props;
  const [key, setKey] = React.useState<SortKey>('name');
  const [descending, setDescending] = React.useState(false);
  const rows = React.useMemo(
    () => shown(model.packages, filter, key, descending),
    [model.packages, filter, key, descending]
  );
  const sortBy = (chosen: SortKey) => {
    setDescending(chosen === key ? !descending : false);
    setKey(chosen);
  };
  if (!rows.length && filter.trim()) {
    return (
      <div className="xc-Empty">
        <p>{trans.__('Nothing installed is called like that.')}</p>
        <button className="jp-mod-styled" onClick={() => void find()}>
          {trans.__('Search the channels')}
        </button>
      </div>
    );
  }
  const head = (name: SortKey, words: string) => (
    <button
      type="button"
      className={`xc-Head xc-Head-${name}`}
      aria-label={trans.__('Sort by %1', words)}
      aria-pressed={key === name}
      onClick={() => sortBy(name)}
    >
      {words}
      {key === name &&
        (descending ? (
          <caretDownIcon.react tag="span" elementSize="small" />
        ) : (
          <caretUpIcon.react tag="span" elementSize="small" />
        ))}
    </button>
  );
  return (
    <>
      <div className="xc-Row xc-Heads">
        {head('name', trans.__('Package'))}
        {head('version', trans.__('Version'))}
        {head('size', trans.__('Size'))}
      </div>
      <VirtualList
        items={rows}
        label={trans.__('Installed packages')}
        keyOf={each => each.name}
        row={each => <InstalledRow each={each} model={model} trans={trans} />}
      />
      <div className="xc-Row xc-Foot">
        <span>{trans._n('%1 package', '%1 packages', rows.length)}</span>
        <button
          className="jp-mod-styled"
          onClick={() => void model.begin({ verb: 'update', update_all: true })}
        >
          {trans.__('Update all')}
        </button>
      </div>
    </>
  );
}

function InstalledRow(props: IProps & { each: IPackage }): JSX.Element {
  const { each, model, trans } = props;
  return (
    <>
      <span className="xc-Cell-name" title={`${each.name} · ${each.channel}`}>
        {each.name}
      </span>
      <span className="xc-Cell-version" title={each.build}>
        {each.version}
      </span>
      <span className="xc-Cell-size">
        {each.size ? sizeWords(each.size) : ''}
      </span>
      <span className="xc-Cell-actions">
        <IconButton
          icon={refreshIcon}
          label={trans.__('Update %1', each.name)}
          onClick={() =>
            void model.begin({ verb: 'update', specs: [each.name] })
          }
        />
        <IconButton
          icon={closeIcon}
          label={trans.__('Remove %1', each.name)}
          onClick={() =>
            void model.begin({ verb: 'remove', specs: [each.name] })
          }
        />
      </span>
    </>
  );
}

function Offers(props: IProps & { found: IPackage[] }): JSX.Element {
  const { model, trans, found } = props;
  const rows = React.useMemo(
    () => offers(found, model.packages),
    [found, model.packages]
  );
  if (!rows.length) {
    return (
      <p className="xc-Empty">
        {trans.__('The channels offer nothing of that name.')}
      </p>
    );
  }
  return (
    <VirtualList
      items={rows}
      label={trans.__('Packages of the channels')}
      keyOf={each => each.name}
      row={each => <OfferRow each={each} model={model} trans={trans} />}
    />
  );
}

function OfferRow(props: IProps & { each: IOffer }): JSX.Element {
  const { each, model, trans } = props;
  const [version, setVersion] = React.useState('');
  const spec = version ? `${each.name}=${version}` : each.name;
  return (
    <>
      <span className="xc-Cell-name" title={`${each.name} · ${each.channel}`}>
        {each.name}
      </span>
      <select
        className="xc-Cell-version"
        aria-label={trans.__('Version of %1', each.name)}
        value={version}
        onChange={event => setVersion(event.target.value)}
      >
        <option value="">{trans.__('best (%1)', each.versions[0])}</option>
        {each.versions.map(text => (
          <option key={text} value={text}>
            {text === each.installed ? trans.__('%1 (installed)', text) : text}
          </option>
        ))}
      </select>
      <span className="xc-Cell-actions">
        <IconButton
          icon={addIcon}
          label={trans.__('Install %1', each.name)}
          onClick={() => void model.begin({ verb: 'install', specs: [spec] })}
        />
      </span>
    </>
  );
}
