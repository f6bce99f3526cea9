import { exitWith, main } from './main';

exitWith(() => main(process.argv.slice(2)));
