"""Files of keypoints from other programs, as arrays to judge.

Every file takes one way, and each step of it has one home:

1. `readers` opens a file by its suffix. What it holds is a table (`csv_files`, `trc`: `headers`
   says what columns are, `tables` what rows are), objects of JSON (`json_text`, `json_bodies`,
   `json_frames`, `json_files`), arrays by name (`array_files`, `hdf5_files`), or bytes of its own
   (`c3d_files`, `yolo_labels`).
2. `timing` finds what numbers and times the frames, `stated` rates and sizes, `words` knows what
   all of these are called.
3. `sightings` gathers rows of somebody into frames of one person: `missing` drops what was not
   seen, `clock` makes seconds, `slips` are put back, `kinds` tells a body from a back and from
   markers (`skeletons`, `marker_sets`), `axes` turns it to be seen from the side, `people` follows
   who hinges.
4. `files` judges it with `arrays` or `anatomy`, which `validation` guards.
"""
