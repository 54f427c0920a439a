/** What is installed, what can be updated, and what the channels offer. */
import * as React from 'react';

import { XcondaFailure } from '../api/client';
import { IPackage } from '../api/types';
import { PanelModel } from '../panel/model';
import { Words } from '../panel/words';
import { InstalledList } from './InstalledList';
import { OffersList } from './OffersList';
import { PackageDetails } from './PackageDetails';
import { queryFor } from './versions';

interface IProps {
  model: PanelModel;
  trans: Words;
}

export function PackagesView({ model, trans }: IProps): JSX.Element {
  const [word, setWord] = React.useState('');
  const [found, setFound] = React.useState<IPackage[] | null>(null);
  const [note, setNote] = React.useState('');
  const [chosen, setChosen] = React.useState('');
  const find = async () => {
    setNote(trans.__('Searching the channels …'));
    setFound([]);
    setChosen('');
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
  const type = (text: string) => {
    setWord(text);
    setFound(null);
    setNote('');
    setChosen('');
  };
  const parts = { model, trans, open: setChosen };
  return (
    <div className="xc-Packages">
      <SearchBox word={word} type={type} find={find} trans={trans} />
      {note && (
        <p className="xc-Note" role="status">
          {note}
        </p>
      )}
      {chosen ? (
        <PackageDetails {...parts} name={chosen} close={() => setChosen('')} />
      ) : found === null ? (
        <InstalledList {...parts} filter={word} find={find} />
      ) : (
        !note && <OffersList {...parts} found={found} />
      )}
    </div>
  );
}

function SearchBox(props: {
  word: string;
  type: (text: string) => void;
  find: () => Promise<void>;
  trans: Words;
}): JSX.Element {
  const { word, type, find, trans } = props;
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (word.trim()) {
      void find();
    }
  };
  return (
    <form className="xc-Row xc-Search" role="search" onSubmit={submit}>
      <input
        className="jp-mod-styled"
        type="search"
        placeholder={trans.__('Filter; Enter searches channels')}
        aria-label={trans.__('Filter packages; Enter searches the channels')}
        value={word}
        onChange={event => type(event.target.value)}
      />
    </form>
  );
}
