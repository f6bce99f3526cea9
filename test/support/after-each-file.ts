import { closeKeptDuckDbs } from './kept-duckdb';

afterAll(closeKeptDuckDbs);
