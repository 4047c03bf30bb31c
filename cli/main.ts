import { headway } from './headway';

process.exitCode = await headway(process.argv.slice(2));
