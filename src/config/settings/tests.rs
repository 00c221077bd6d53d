use super::table::SETTINGS;
use super::*;

const PATH: &str = "/home/me/.config/cmtop/config.yaml";

type Variables = &'static [(&'static str, &'static str)];

type Flags = &'static [&'static str];

fn resolve(file: &str, environment: Variables, flags: Flags) -> Result<Settings, ConfigError> {
    let cli = crate::cli::parse([&["cmtop"], flags].concat()).unwrap();
    let file = File::parse(Path::new(PATH), file)?;
    Settings::resolve(&Sources {
        file: (Path::new(PATH), &file),
        kept: &Kept::default(),
        context: Some("prod"),
        environment: &environment.iter().copied().collect(),
        look: &cli.look,
        scope: &cli.scope,
    })
}

#[test]
fn flags_beat_the_environment_which_beats_the_file() {
    let file = "theme: of-file\ncontexts: {prod: {theme: of-context}, other: {theme: no}}";
    let table: [(&str, Variables, Flags, Option<&str>, &str); 5] = [
        ("", &[], &[], None, "default"),
        ("theme: of-file", &[], &[], Some("of-file"), "file"),
        (file, &[], &[], Some("of-context"), "file"),
        (file, &[("CMTOP_THEME", "of-env")], &[], Some("of-env"), "environment"),
        (file, &[("CMTOP_THEME", "of-env")], &["--theme", "of-flag"], Some("of-flag"), "flag"),
    ];
    for (file, environment, flags, theme, origin) in table {
        let found = resolve(file, environment, flags).unwrap().theme;
        assert_eq!((found.value.as_deref(), found.origin.as_str()), (theme, origin));
    }
}

#[test]
fn no_color_loses_only_to_an_explicit_always() {
    let no_color: Variables = &[("NO_COLOR", "1"), ("CMTOP_COLOR", "always")];
    let table: [(Variables, Flags, ColorChoice); 6] = [
        (&[], &[], ColorChoice::Auto),
        (&[("CMTOP_COLOR", "never")], &[], ColorChoice::Never),
        (no_color, &[], ColorChoice::Never),
        (no_color, &["--color", "auto"], ColorChoice::Never),
        (no_color, &["--color=always"], ColorChoice::Always),
        (&[("NO_COLOR", "")], &[], ColorChoice::Auto),
    ];
    for (environment, flags, color) in table {
        assert_eq!(resolve("", environment, flags).unwrap().color.value, color, "{environment:?} {flags:?}");
    }
}

#[test]
fn all_namespaces_can_be_asked_for_in_spite_of_the_file() {
    let file = "namespaces: [a, b]";
    assert_eq!(resolve(file, &[], &[]).unwrap().namespaces.value, ["a", "b"]);
    assert_eq!(resolve(file, &[("CMTOP_NAMESPACES", "c, d")], &[]).unwrap().namespaces.value, ["c", "d"]);
    assert_eq!(resolve(file, &[], &["-n", "e", "-n", "f,g"]).unwrap().namespaces.value, ["e", "f", "g"]);
    assert!(resolve(file, &[], &["-A"]).unwrap().namespaces.value.is_empty());
}

#[test]
fn home_stands_for_itself() {
    let found = resolve("screenDirectory: ~/screens", &[("HOME", "/home/me")], &[]).unwrap();
    assert_eq!(found.screen_directory.value, Path::new("/home/me/screens"));
}

#[test]
fn a_wrong_variable_is_refused() {
    let error = resolve("", &[("CMTOP_COLOR", "sometimes")], &[]).unwrap_err();
    assert_eq!(error.to_string(), "$CMTOP_COLOR: `sometimes` is not auto, always or never");
}

#[test]
fn every_setting_is_told_with_its_origin() {
    let variables: Variables = &[("CMTOP_READ_ONLY", "1"), ("CMTOP_CLIPBOARD", "off")];
    let settings = resolve("utc: true\nmouse: false\nclipboard: native", variables, &["--ascii"]).unwrap();
    let told: Vec<String> = settings
        .choices()
        .iter()
        .map(|c| format!("{}={} {} {}", c.name, c.value, c.origin, c.source.as_deref().unwrap_or("-")))
        .collect();
    let expected = [
        "theme=as suits the terminal default -".to_owned(),
        "color=auto default -".to_owned(),
        "ascii=yes flag --ascii".to_owned(),
        format!("utc=yes file {PATH}"),
        "namespaces=all that may be seen default -".to_owned(),
        "readOnly=yes environment $CMTOP_READ_ONLY".to_owned(),
        format!("mouse=no file {PATH}"),
        "clipboard=off environment $CMTOP_CLIPBOARD".to_owned(),
        "probe.resolvers=public ones default -".to_owned(),
        "probe.automatic=no default -".to_owned(),
        "screenDirectory=. default -".to_owned(),
        "logLevel=info default -".to_owned(),
        "logFile=none default -".to_owned(),
        "keys.preset=k9s default -".to_owned(),
        "keys=none of your own default -".to_owned(),
        "notices=none default -".to_owned(),
    ];
    assert_eq!(told, expected);
}

#[test]
fn keys_and_notices_are_told_in_words() {
    let file = "keys: {preset: vim, describe: X, filter: [ctrl-x f]}\nnotices:\n- {verdicts: [stuck, expired], namespaces: [shop], \
                bell: true, command: [logger, -t, cmtop]}\n- {desktop: osc9}\n";
    let choices = resolve(file, &[], &[]).unwrap().choices();
    let told: Vec<String> =
        choices.iter().skip(SETTINGS.len()).map(|c| format!("{}={} {}", c.name, c.value, c.origin)).collect();
    let expected = [
        "keys.preset=vim file",
        "keys=2 commands of your own: describe, filter file",
        "notices[0]=stuck, expired in shop: bell, logger file",
        "notices[1]=what needs a person: desktop file",
    ];
    assert_eq!(told, expected);
}

#[test]
fn every_setting_of_the_table_is_one_of_the_config_file() {
    let written = resolve("", &[], &[]).unwrap().written();
    assert!(File::parse(Path::new(PATH), &written).is_ok(), "{written}");
    for row in SETTINGS {
        let name = row.name.rsplit('.').next().unwrap();
        assert!(written.contains(&format!("{name}:")), "{name}: {written}");
        if !row.flag.is_empty() {
            let known =
                |flag: &&str| crate::cli::parse(["cmtop", flag, "--help"]).unwrap_err().to_string().contains(*flag);
            assert!(known(&row.flag), "{}", row.flag);
        }
    }
}

#[test]
fn resolvers_of_one_s_own_are_read_with_and_without_a_port() {
    let file = "probe: {resolvers: [192.0.2.1, '192.0.2.2:5353', '::1'], automatic: true}";
    let found = resolve(file, &[], &[]).unwrap();
    let told: Vec<String> = found.probe_resolvers.value.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["192.0.2.1:53", "192.0.2.2:5353", "[::1]:53"]);
    assert!(found.probe_automatic.value);
    let found = resolve(file, &[("CMTOP_PROBE_AUTOMATIC", "0")], &[]).unwrap();
    assert_eq!((found.probe_automatic.value, found.probe_automatic.origin.as_str()), (false, "environment"));
    assert!(!resolve("", &[], &[]).unwrap().probe_automatic.value, "a probe leaves traces");
    let again = File::parse(Path::new(PATH), &resolve(file, &[], &[]).unwrap().written()).unwrap();
    assert_eq!(again.probe.resolvers.unwrap().len(), 3);
}
