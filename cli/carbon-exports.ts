import { exitWith } from './exit-with';
import { main } from './main';

exitWith(main(process.argv.slice(2)));
