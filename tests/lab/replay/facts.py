"""A small contest of real figures, so that a whole replay needs no shared folder.

Song contest, final of 2022: five songs, every jury that gave any of them points, and their
televotes (MIT, Amsterdam-Music-Lab/mirovision). Two of the songs were tied on points.
"""

from pathlib import Path

from tests.convert.folder import copy_rulebook, in_no_order, write_official, write_table

SONGS = {
    "FI": ("Jezebel", 12, 26),
    "CZ": ("Lights Off", 33, 5),
    "IS": ("Með hækkandi sól", 10, 10),
    "FR": ("Fulenn", 9, 8),
    "DE": ("Rockstars", 0, 6),
}
"""Title, jury points and televote points, in the official order."""

JURIES = {
    "AM": {"FR": 7},
    "AU": {"CZ": 4},
    "AZ": {"FR": 1},
    "BE": {"CZ": 2},
    "DK": {"IS": 1},
    "EE": {"FI": 5},
    "FR": {"CZ": 2},
    "GE": {"FR": 1},
    "GR": {"CZ": 2},
    "IS": {"CZ": 2},
    "IE": {"CZ": 7, "IS": 1},
    "IL": {"CZ": 2},
    "IT": {"FI": 1},
    "LT": {"IS": 2},
    "MT": {"CZ": 3},
    "PT": {"IS": 6},
    "RS": {"FI": 6, "CZ": 3},
    "SE": {"CZ": 5},
    "UA": {"CZ": 1},
}


def write_small_final(folder: Path, *, televote_times: int = 1) -> Path:
    """The folder of the contest; returns its rulebook.

    `televote_times` repeats every televote point, for a replay that takes longer.
    """
    songs = in_no_order(list(SONGS))
    write_table(folder, "entrants", ["entrant", "name"], [(key, SONGS[key][0]) for key in songs])
    marks = [
        (jury, song, given.get(song, 0))
        for jury, given in JURIES.items()
        for song in songs
        if song != jury
    ]
    write_table(folder, "marks", ["judge", "entrant", "value"], marks)
    votes = [(key, SONGS[key][2] * televote_times) for key in songs]
    write_table(folder, "votes", ["entrant", "votes"], votes)
    official = [
        (key, place, jury + televote, jury, televote)
        for place, (key, (_, jury, televote)) in enumerate(SONGS.items(), start=1)
    ]
    write_official(folder, ["jury", "televote"], official)
    return copy_rulebook("song_final", folder)
