/** The translator that the views are given. */
import { TranslationBundle } from '@jupyterlab/translation';

export type Words = TranslationBundle;
