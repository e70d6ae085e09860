//! A lookup over a table that the plugin has in itself: countries by code, name or continent.

use wardian::{map, Error, Lookup, Map, Query};

const COLUMNS: [&str; 3] = ["code", "name", "continent"];
const COUNTRIES: [[&str; 3]; 3] = [["AT", "Austria", "Europe"], ["FR", "France", "Europe"], ["JP", "Japan", "Asia"]];

#[wardian::plugin(default)]
#[derive(Default)]
struct NewPlugin;

#[wardian::plugin]
impl Lookup for NewPlugin {
    fn rows(&mut self, query: Query) -> Result<Vec<Map>, Error> {
        if !query.fields.iter().all(|field| COLUMNS.contains(&field.as_str())) {
            return Err(Error::invalid("the columns are `code`, `name` and `continent`"));
        }
        let rows = COUNTRIES.iter().map(|[code, name, continent]| {
            map! { "code": *code, "name": *name, "continent": *continent }
        });
        Ok(rows.filter(|row| query.matches(row)).map(|row| query.pick(&row)).collect())
    }
}
