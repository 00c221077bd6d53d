use super::*;

fn file(text: &str) -> File {
    File::parse(Path::new("config.yaml"), text).unwrap()
}

fn kept(text: &str) -> (Views, Option<String>) {
    let (theme, views, fault) = parse(text);
    assert_eq!(theme, None);
    (views, fault)
}

#[test]
fn a_theme_is_kept_beside_the_tables() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("views.yaml");
    let orders = Views::from([(Kind::Order, TableView { wide: true, ..TableView::default() })]);
    keep_theme(&path, Some("nord")).unwrap();
    keep(&path, &orders).unwrap();
    let read = || Kept::read(Some(path.clone()));
    assert_eq!((read().theme.as_deref(), read().views, read().fault), (Some("nord"), orders.clone(), None));
    let of = read().without_theme("there is no theme `nord`");
    assert_eq!((of.theme, of.views), (None, orders));
    assert_eq!(of.fault, Some(format!("{}: there is no theme `nord`", path.display())));
    keep_theme(&path, None).unwrap();
    assert_eq!((read().theme, read().views.len()), (None, 1));
}

#[test]
fn what_is_kept_is_read_again() {
    let directory = std::env::temp_dir().join(format!("cmtop-views-{}", std::process::id()));
    let path = directory.join("deep").join("views.yaml");
    let columns = ["verdict", "name=40", "annotation:example.com/team"].map(str::to_owned).to_vec();
    let certificates = TableView { columns, sort: Some("-expires".to_owned()), wide: false };
    let orders = TableView { wide: true, ..TableView::default() };
    let own = |view: &TableView| Views::from([(Kind::Certificate, view.clone())]);
    keep(&path, &own(&certificates)).unwrap();
    // Another cmtop chose for another table: both are kept.
    keep(&path, &Views::from([(Kind::Order, orders.clone())])).unwrap();
    let read = Kept::read(Some(path.clone()));
    assert_eq!(read.views, Views::from([(Kind::Certificate, certificates), (Kind::Order, orders)]));
    assert_eq!(read.fault, None);
    // What is as it is by itself needs no word.
    keep(&path, &own(&TableView::default())).unwrap();
    assert_eq!(Kept::read(Some(path.clone())).views.len(), 1);
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing lies beside it");
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn a_slip_of_the_hand_does_not_cost_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("views.yaml");
    let orders = Views::from([(Kind::Order, TableView { wide: true, ..TableView::default() })]);
    for slip in ["certificates: {columns: [name\n", "certificates: {sort: why}\norders: {wide: true}\n"] {
        std::fs::write(&path, slip).unwrap();
        let error = keep(&path, &orders).unwrap_err();
        assert!(error.to_string().contains("mend or move it"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), slip);
    }
}

#[test]
fn a_fault_is_told_and_the_rest_is_used() {
    let (views, fault) = kept("certificates: {sort: why}\norders: {wide: true}\n");
    assert_eq!(views.keys().collect::<Vec<_>>(), [&Kind::Order]);
    assert_eq!(fault.as_deref(), Some("certificates: `why` has no order of its own"));
    for wrong in ["planets: {wide: true}", "certificates: [", "certificates: {colour: red}"] {
        let (views, fault) = kept(wrong);
        assert!(views.is_empty() && fault.is_some(), "{wrong}");
    }
    assert_eq!(kept("# nothing\n"), (Views::default(), None));
    assert_eq!(Kept::read(Some("/nonexistent/views.yaml".into())).fault, None);
}

#[test]
fn the_config_file_wins_over_what_was_kept_table_by_table() {
    let (views, fault) =
        kept("certificates: {columns: [name], sort: expires, wide: true}\norders: {columns: [state], sort: -age}\n");
    assert_eq!(fault, None);
    let kept = Kept { file: Some("/state/views.yaml".into()), theme: None, views, fault: None };
    let file = file("columns: {certificates: [verdict, why]}\nsort: {orders: name}\n");
    let looks = Looks::of((Path::new("/config.yaml"), &file), &kept);
    assert_eq!(looks.views[&Kind::Certificate].columns, ["verdict", "why"]);
    assert_eq!(looks.views[&Kind::Certificate].sort.as_deref(), Some("expires"));
    assert_eq!(looks.views[&Kind::Order].sort.as_deref(), Some("name"));
    let told: Vec<String> = looks
        .sources
        .iter()
        .map(|source| format!("{}.{} {}", source.part, source.kind.row().plural, source.origin.source().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            "columns.certificates /config.yaml",
            "sort.certificates /state/views.yaml",
            "wide.certificates /state/views.yaml",
            "columns.orders /state/views.yaml",
            "sort.orders /config.yaml",
        ]
    );
    assert_eq!(looks.settled().collect::<Vec<_>>(), [Kind::Certificate, Kind::Order]);
}

#[test]
fn what_to_write_by_hand_is_a_config_file() {
    let view = TableView {
        columns: vec!["name=40".to_owned(), "label:team".to_owned()],
        sort: Some("-name".to_owned()),
        wide: true,
    };
    let said = by_hand(&Views::from([(Kind::Certificate, view)]));
    assert_eq!(said, "`columns: {certificates: [name=40, label:team]}` and `sort: {certificates: -name}`");
    for part in said.split('`').filter(|part| part.contains(": ")) {
        file(part);
    }
}
