import './base.css';
import './packages.css';
import './jobs.css';
import './conflicts.css';
import './notebook.css';
import './history.css';
