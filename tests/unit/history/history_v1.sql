-- A history as version 1 of the file held it.
PRAGMA application_id = 1212444535;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE rep (
            session INTEGER NOT NULL REFERENCES session (number) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            set_number INTEGER NOT NULL,
            at_s REAL NOT NULL,
            entry TEXT NOT NULL,
            PRIMARY KEY (session, place)
        ) WITHOUT ROWID;
INSERT INTO "rep" VALUES(1,1,1,4.5,'{"number": 1, "start_s": 1.6, "bottom_s": 3.1, "end_s": 4.7, "hip_flexion_deg": 71.0, "knee_flexion_deg": 96.0, "shin_angle_deg": 30.0, "spinal_flexion_deg": 3.0, "cervical_flexion_deg": -2.0, "stray_cm": {"head": 0.4, "upper_back": 5.1, "sacrum": 0.2}, "faults": ["squatting"], "notes": ["shins_forward"]}');
INSERT INTO "rep" VALUES(1,2,1,9.0,'{"number": 2, "start_s": 5.6, "bottom_s": 7.1, "end_s": 8.7, "hip_flexion_deg": 74.0, "knee_flexion_deg": 22.0, "shin_angle_deg": 4.0, "spinal_flexion_deg": 3.0, "cervical_flexion_deg": null, "stray_cm": {"head": null, "upper_back": 0.4, "sacrum": 0.2}, "faults": [], "notes": []}');
INSERT INTO "rep" VALUES(2,1,1,5.0,'{"number": 1, "start_s": 1.0, "bottom_s": 2.0, "end_s": 3.0, "hip_flexion_deg": 80.0, "knee_flexion_deg": 20.0, "shin_angle_deg": 2.0, "spinal_flexion_deg": 1.0, "cervical_flexion_deg": 2.0, "stray_cm": {"head": 0.1, "upper_back": 0.2, "sacrum": 0.3}, "faults": [], "notes": []}');
CREATE TABLE session (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            started TEXT NOT NULL,
            source TEXT NOT NULL,
            sets INTEGER NOT NULL,
            reps INTEGER NOT NULL,
            facing TEXT,
            view_angle_deg REAL,
            neutral TEXT,
            duration_s REAL
        );
INSERT INTO "session" VALUES(1,'2026-03-01T18:30:00+01:00','camera 0',3,10,'left',4.0,'measured',20.0);
INSERT INTO "session" VALUES(2,'2026-03-03T07:05:00+00:00','me.mp4',1,1,NULL,NULL,NULL,NULL);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('session',2);
COMMIT;
