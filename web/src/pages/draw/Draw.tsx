// Draw: symbols of one's own as a data set, for `ganymede train` and `ganymede write`.
import { query } from '../../app/router';
import './draw.css';
import { Sets } from './Sets';
import { Sheet } from './Sheet';

export default function Draw() {
  const name = query.value.get('set');
  return name ? <Sheet key={name} name={name} /> : <Sets />;
}
