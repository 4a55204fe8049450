BEGIN TRANSACTION;
CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(150) NOT NULL UNIQUE);
INSERT INTO "auth_group" VALUES(1,'moderator');
INSERT INTO "auth_group" VALUES(2,'banadmin');
INSERT INTO "auth_group" VALUES(3,'supervisor');
INSERT INTO "auth_group" VALUES(4,'auditor');
CREATE TABLE "auth_group_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "auth_group_permissions" VALUES(1,1,103);
INSERT INTO "auth_group_permissions" VALUES(2,1,104);
INSERT INTO "auth_group_permissions" VALUES(3,1,105);
INSERT INTO "auth_group_permissions" VALUES(4,1,74);
INSERT INTO "auth_group_permissions" VALUES(5,1,75);
INSERT INTO "auth_group_permissions" VALUES(6,1,76);
INSERT INTO "auth_group_permissions" VALUES(7,1,77);
INSERT INTO "auth_group_permissions" VALUES(8,1,78);
INSERT INTO "auth_group_permissions" VALUES(9,1,79);
INSERT INTO "auth_group_permissions" VALUES(10,1,80);
INSERT INTO "auth_group_permissions" VALUES(11,1,108);
INSERT INTO "auth_group_permissions" VALUES(12,1,106);
INSERT INTO "auth_group_permissions" VALUES(13,2,97);
INSERT INTO "auth_group_permissions" VALUES(14,2,67);
INSERT INTO "auth_group_permissions" VALUES(15,2,68);
INSERT INTO "auth_group_permissions" VALUES(16,2,69);
INSERT INTO "auth_group_permissions" VALUES(17,2,103);
INSERT INTO "auth_group_permissions" VALUES(18,2,104);
INSERT INTO "auth_group_permissions" VALUES(19,2,105);
INSERT INTO "auth_group_permissions" VALUES(20,2,74);
INSERT INTO "auth_group_permissions" VALUES(21,2,75);
INSERT INTO "auth_group_permissions" VALUES(22,2,76);
INSERT INTO "auth_group_permissions" VALUES(23,2,77);
INSERT INTO "auth_group_permissions" VALUES(24,2,78);
INSERT INTO "auth_group_permissions" VALUES(25,2,79);
INSERT INTO "auth_group_permissions" VALUES(26,2,80);
INSERT INTO "auth_group_permissions" VALUES(27,2,108);
INSERT INTO "auth_group_permissions" VALUES(28,2,106);
INSERT INTO "auth_group_permissions" VALUES(29,2,90);
INSERT INTO "auth_group_permissions" VALUES(30,3,57);
INSERT INTO "auth_group_permissions" VALUES(31,3,58);
INSERT INTO "auth_group_permissions" VALUES(32,3,59);
INSERT INTO "auth_group_permissions" VALUES(33,3,67);
INSERT INTO "auth_group_permissions" VALUES(34,3,68);
INSERT INTO "auth_group_permissions" VALUES(35,3,69);
INSERT INTO "auth_group_permissions" VALUES(36,3,74);
INSERT INTO "auth_group_permissions" VALUES(37,3,75);
INSERT INTO "auth_group_permissions" VALUES(38,3,76);
INSERT INTO "auth_group_permissions" VALUES(39,3,77);
INSERT INTO "auth_group_permissions" VALUES(40,3,78);
INSERT INTO "auth_group_permissions" VALUES(41,3,79);
INSERT INTO "auth_group_permissions" VALUES(42,3,80);
INSERT INTO "auth_group_permissions" VALUES(43,3,85);
INSERT INTO "auth_group_permissions" VALUES(44,3,90);
INSERT INTO "auth_group_permissions" VALUES(45,3,95);
INSERT INTO "auth_group_permissions" VALUES(46,3,96);
INSERT INTO "auth_group_permissions" VALUES(47,3,97);
INSERT INTO "auth_group_permissions" VALUES(48,3,98);
INSERT INTO "auth_group_permissions" VALUES(49,3,103);
INSERT INTO "auth_group_permissions" VALUES(50,3,104);
INSERT INTO "auth_group_permissions" VALUES(51,3,105);
INSERT INTO "auth_group_permissions" VALUES(52,3,106);
INSERT INTO "auth_group_permissions" VALUES(53,3,107);
INSERT INTO "auth_group_permissions" VALUES(54,3,108);
INSERT INTO "auth_group_permissions" VALUES(55,3,109);
INSERT INTO "auth_group_permissions" VALUES(56,4,97);
INSERT INTO "auth_group_permissions" VALUES(57,4,67);
INSERT INTO "auth_group_permissions" VALUES(58,4,74);
INSERT INTO "auth_group_permissions" VALUES(59,4,109);
INSERT INTO "auth_group_permissions" VALUES(60,4,57);
CREATE TABLE "auth_permission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content_type_id" integer NOT NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "codename" varchar(100) NOT NULL, "name" varchar(255) NOT NULL);
INSERT INTO "auth_permission" VALUES(1,1,'add_permission','Can add permission');
INSERT INTO "auth_permission" VALUES(2,1,'change_permission','Can change permission');
INSERT INTO "auth_permission" VALUES(3,1,'delete_permission','Can delete permission');
INSERT INTO "auth_permission" VALUES(4,1,'view_permission','Can view permission');
INSERT INTO "auth_permission" VALUES(5,2,'add_group','Can add group');
INSERT INTO "auth_permission" VALUES(6,2,'change_group','Can change group');
INSERT INTO "auth_permission" VALUES(7,2,'delete_group','Can delete group');
INSERT INTO "auth_permission" VALUES(8,2,'view_group','Can view group');
INSERT INTO "auth_permission" VALUES(9,3,'add_user','Can add user');
INSERT INTO "auth_permission" VALUES(10,3,'change_user','Can change user');
INSERT INTO "auth_permission" VALUES(11,3,'delete_user','Can delete user');
INSERT INTO "auth_permission" VALUES(12,3,'view_user','Can view user');
INSERT INTO "auth_permission" VALUES(13,4,'add_contenttype','Can add content type');
INSERT INTO "auth_permission" VALUES(14,4,'change_contenttype','Can change content type');
INSERT INTO "auth_permission" VALUES(15,4,'delete_contenttype','Can delete content type');
INSERT INTO "auth_permission" VALUES(16,4,'view_contenttype','Can view content type');
INSERT INTO "auth_permission" VALUES(17,5,'add_session','Can add session');
INSERT INTO "auth_permission" VALUES(18,5,'change_session','Can change session');
INSERT INTO "auth_permission" VALUES(19,5,'delete_session','Can delete session');
INSERT INTO "auth_permission" VALUES(20,5,'view_session','Can view session');
INSERT INTO "auth_permission" VALUES(21,6,'add_accessattempt','Can add access attempt');
INSERT INTO "auth_permission" VALUES(22,6,'change_accessattempt','Can change access attempt');
INSERT INTO "auth_permission" VALUES(23,6,'delete_accessattempt','Can delete access attempt');
INSERT INTO "auth_permission" VALUES(24,6,'view_accessattempt','Can view access attempt');
INSERT INTO "auth_permission" VALUES(25,7,'add_accesslog','Can add access log');
INSERT INTO "auth_permission" VALUES(26,7,'change_accesslog','Can change access log');
INSERT INTO "auth_permission" VALUES(27,7,'delete_accesslog','Can delete access log');
INSERT INTO "auth_permission" VALUES(28,7,'view_accesslog','Can view access log');
INSERT INTO "auth_permission" VALUES(29,8,'add_accessfailurelog','Can add access failure');
INSERT INTO "auth_permission" VALUES(30,8,'change_accessfailurelog','Can change access failure');
INSERT INTO "auth_permission" VALUES(31,8,'delete_accessfailurelog','Can delete access failure');
INSERT INTO "auth_permission" VALUES(32,8,'view_accessfailurelog','Can view access failure');
INSERT INTO "auth_permission" VALUES(33,9,'add_accessattemptexpiration','Can add access attempt expiration');
INSERT INTO "auth_permission" VALUES(34,9,'change_accessattemptexpiration','Can change access attempt expiration');
INSERT INTO "auth_permission" VALUES(35,9,'delete_accessattemptexpiration','Can delete access attempt expiration');
INSERT INTO "auth_permission" VALUES(36,9,'view_accessattemptexpiration','Can view access attempt expiration');
INSERT INTO "auth_permission" VALUES(37,10,'add_collectorlease','Can add collector lease');
INSERT INTO "auth_permission" VALUES(38,10,'change_collectorlease','Can change collector lease');
INSERT INTO "auth_permission" VALUES(39,10,'delete_collectorlease','Can delete collector lease');
INSERT INTO "auth_permission" VALUES(40,10,'view_collectorlease','Can view collector lease');
INSERT INTO "auth_permission" VALUES(41,11,'add_room','Can add room');
INSERT INTO "auth_permission" VALUES(42,11,'change_room','Can change room');
INSERT INTO "auth_permission" VALUES(43,11,'delete_room','Can delete room');
INSERT INTO "auth_permission" VALUES(44,11,'view_room','Can view room');
INSERT INTO "auth_permission" VALUES(45,12,'add_sample','Can add sample');
INSERT INTO "auth_permission" VALUES(46,12,'change_sample','Can change sample');
INSERT INTO "auth_permission" VALUES(47,12,'delete_sample','Can delete sample');
INSERT INTO "auth_permission" VALUES(48,12,'view_sample','Can view sample');
INSERT INTO "auth_permission" VALUES(49,13,'add_chatline','Can add chat line');
INSERT INTO "auth_permission" VALUES(50,13,'change_chatline','Can change chat line');
INSERT INTO "auth_permission" VALUES(51,13,'delete_chatline','Can delete chat line');
INSERT INTO "auth_permission" VALUES(52,13,'view_chatline','Can view chat line');
INSERT INTO "auth_permission" VALUES(53,14,'add_roomevent','Can add room event');
INSERT INTO "auth_permission" VALUES(54,14,'change_roomevent','Can change room event');
INSERT INTO "auth_permission" VALUES(55,14,'delete_roomevent','Can delete room event');
INSERT INTO "auth_permission" VALUES(56,14,'view_roomevent','Can view room event');
INSERT INTO "auth_permission" VALUES(57,16,'view_audit','may read the record');
INSERT INTO "auth_permission" VALUES(58,16,'manage_people','may make, change and close accounts of the console');
INSERT INTO "auth_permission" VALUES(59,16,'edit_policies','may edit the reason codes');
INSERT INTO "auth_permission" VALUES(60,17,'add_policy','Can add policy');
INSERT INTO "auth_permission" VALUES(61,17,'change_policy','Can change policy');
INSERT INTO "auth_permission" VALUES(62,17,'delete_policy','Can delete policy');
INSERT INTO "auth_permission" VALUES(63,17,'view_policy','Can view policy');
INSERT INTO "auth_permission" VALUES(64,18,'add_ban','Can add ban');
INSERT INTO "auth_permission" VALUES(65,18,'change_ban','Can change ban');
INSERT INTO "auth_permission" VALUES(66,18,'delete_ban','Can delete ban');
INSERT INTO "auth_permission" VALUES(67,18,'view_ban','Can view ban');
INSERT INTO "auth_permission" VALUES(68,18,'place_platform_ban','may ban an account from the platform');
INSERT INTO "auth_permission" VALUES(69,18,'lift_platform_ban','may lift a platform ban');
INSERT INTO "auth_permission" VALUES(70,19,'add_action','Can add action');
INSERT INTO "auth_permission" VALUES(71,19,'change_action','Can change action');
INSERT INTO "auth_permission" VALUES(72,19,'delete_action','Can delete action');
INSERT INTO "auth_permission" VALUES(73,19,'view_action','Can view action');
INSERT INTO "auth_permission" VALUES(74,19,'watch_rooms','may see rooms and their figures');
INSERT INTO "auth_permission" VALUES(75,19,'warn_host','may warn a host');
INSERT INTO "auth_permission" VALUES(76,19,'mute_member','may mute and unmute in a room');
INSERT INTO "auth_permission" VALUES(77,19,'ban_from_room','may ban from a room and lift it');
INSERT INTO "auth_permission" VALUES(78,19,'end_stream','may end a stream');
INSERT INTO "auth_permission" VALUES(79,19,'edit_room','may change a room: its texts, list visibility, mute-all, administrators, metadata');
INSERT INTO "auth_permission" VALUES(80,19,'quarantine_room','may quarantine a room and release it');
INSERT INTO "auth_permission" VALUES(81,20,'add_staffprofile','Can add staff profile');
INSERT INTO "auth_permission" VALUES(82,20,'change_staffprofile','Can change staff profile');
INSERT INTO "auth_permission" VALUES(83,20,'delete_staffprofile','Can delete staff profile');
INSERT INTO "auth_permission" VALUES(84,20,'view_staffprofile','Can view staff profile');
INSERT INTO "auth_permission" VALUES(85,21,'manage_tokens','may make and revoke tokens of the API');
INSERT INTO "auth_permission" VALUES(86,23,'add_hold','Can add hold');
INSERT INTO "auth_permission" VALUES(87,23,'change_hold','Can change hold');
INSERT INTO "auth_permission" VALUES(88,23,'delete_hold','Can delete hold');
INSERT INTO "auth_permission" VALUES(89,23,'view_hold','Can view hold');
INSERT INTO "auth_permission" VALUES(90,23,'lift_hold','may lift a hold before its time');
INSERT INTO "auth_permission" VALUES(91,24,'add_plannedroom','Can add planned room');
INSERT INTO "auth_permission" VALUES(92,24,'change_plannedroom','Can change planned room');
INSERT INTO "auth_permission" VALUES(93,24,'delete_plannedroom','Can delete planned room');
INSERT INTO "auth_permission" VALUES(94,24,'view_plannedroom','Can view planned room');
INSERT INTO "auth_permission" VALUES(95,24,'create_room','may create rooms, now or at a time');
INSERT INTO "auth_permission" VALUES(96,24,'stream_key','may see a stream key and take it back');
INSERT INTO "auth_permission" VALUES(97,25,'view_rules','may see the rules');
INSERT INTO "auth_permission" VALUES(98,25,'edit_rules','may change and switch the rules');
INSERT INTO "auth_permission" VALUES(99,27,'add_timelimit','Can add time limit');
INSERT INTO "auth_permission" VALUES(100,27,'change_timelimit','Can change time limit');
INSERT INTO "auth_permission" VALUES(101,27,'delete_timelimit','Can delete time limit');
INSERT INTO "auth_permission" VALUES(102,27,'view_timelimit','Can view time limit');
INSERT INTO "auth_permission" VALUES(103,27,'set_limit','may limit the time of a room, and extend it');
INSERT INTO "auth_permission" VALUES(104,28,'handle_alert','may close alerts');
INSERT INTO "auth_permission" VALUES(105,31,'write_note','may write notes');
INSERT INTO "auth_permission" VALUES(106,31,'escalate_room','may call a supervisor to a room');
INSERT INTO "auth_permission" VALUES(107,31,'share_view','may share saved views and presets');
INSERT INTO "auth_permission" VALUES(108,32,'claim_room','may claim rooms');
INSERT INTO "auth_permission" VALUES(109,33,'view_coverage','may see who looked at which rooms');
CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE, "last_name" varchar(150) NOT NULL, "email" varchar(254) NOT NULL, "is_staff" bool NOT NULL, "is_active" bool NOT NULL, "date_joined" datetime NOT NULL, "first_name" varchar(150) NOT NULL);
INSERT INTO "auth_user" VALUES(1,'pbkdf2_sha256$1000000$AgDMs6aWqcfOnUeYcDOReY$P2FzsHsJiqlo9+IhVrrMtGJE5gx0DtWFEwf2ZaboKPw=','2026-11-29 22:25:16.474927',0,'moderator','','',0,1,'2026-11-29 22:24:57.465861','');
INSERT INTO "auth_user" VALUES(2,'pbkdf2_sha256$1000000$1j0Cz3maFspAkhwORolANr$vClSMDXrtX2jWOriq+3qZJCSp+LGk1YZeH1Q3SfXbhQ=','2026-11-29 22:25:52.105243',0,'banadmin','','',0,1,'2026-11-29 22:24:57.843319','');
INSERT INTO "auth_user" VALUES(3,'pbkdf2_sha256$1000000$NChC6E8npK6aEBnmiiGZtT$62omIq1DTu5QwZdJw8OlANDv3gnUBk+cn3Lz3buwWEQ=','2026-11-29 22:26:26.583036',0,'supervisor','','',0,1,'2026-11-29 22:24:58.256008','');
INSERT INTO "auth_user" VALUES(4,'pbkdf2_sha256$1000000$kK6C9Joh9WXCVbZvSzsPBH$ZqdsnXBUXFcScX7qO+q82u/pVCWTdOQbjsteqHZLqEA=',NULL,0,'auditor','','',0,1,'2026-11-29 22:24:58.634539','');
CREATE TABLE "auth_user_groups" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "auth_user_groups" VALUES(1,1,1);
INSERT INTO "auth_user_groups" VALUES(2,2,2);
INSERT INTO "auth_user_groups" VALUES(3,3,3);
INSERT INTO "auth_user_groups" VALUES(4,4,4);
CREATE TABLE "auth_user_user_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "axes_accessattempt" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_agent" varchar(255) NOT NULL, "ip_address" char(39) NULL, "username" varchar(255) NULL, "http_accept" varchar(1025) NOT NULL, "path_info" varchar(255) NOT NULL, "attempt_time" datetime NOT NULL, "get_data" text NOT NULL, "post_data" text NOT NULL, "failures_since_start" integer unsigned NOT NULL CHECK ("failures_since_start" >= 0));
CREATE TABLE "axes_accessattemptexpiration" ("access_attempt_id" integer NOT NULL PRIMARY KEY REFERENCES "axes_accessattempt" ("id") DEFERRABLE INITIALLY DEFERRED, "expires_at" datetime NOT NULL);
CREATE TABLE "axes_accessfailurelog" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_agent" varchar(255) NOT NULL, "ip_address" char(39) NULL, "username" varchar(255) NULL, "http_accept" varchar(1025) NOT NULL, "path_info" varchar(255) NOT NULL, "attempt_time" datetime NOT NULL, "locked_out" bool NOT NULL);
CREATE TABLE "axes_accesslog" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_agent" varchar(255) NOT NULL, "ip_address" char(39) NULL, "username" varchar(255) NULL, "http_accept" varchar(1025) NOT NULL, "path_info" varchar(255) NOT NULL, "attempt_time" datetime NOT NULL, "logout_time" datetime NULL, "session_hash" varchar(64) NOT NULL);
INSERT INTO "axes_accesslog" VALUES(1,'python-httpx/0.28.1','127.0.0.1','moderator','*/*','/login','2026-11-29 22:25:16.484069',NULL,'38f9ff86518a4153c3434fd2394c44fdcfd4baf881f9c1f9590babd33efcf718');
INSERT INTO "axes_accesslog" VALUES(2,'python-httpx/0.28.1','127.0.0.1','banadmin','*/*','/login','2026-11-29 22:25:52.110228',NULL,'de74da87bf34d5462d8021d9e77c3ac1290e8b74a7788f2de93e1a04e6b900a2');
INSERT INTO "axes_accesslog" VALUES(3,'python-httpx/0.28.1','127.0.0.1','supervisor','*/*','/login','2026-11-29 22:25:53.509507',NULL,'d07b7bd45ecd35dce5768d3566c408684453b99b1148caa5ae512cb8c047d1b5');
INSERT INTO "axes_accesslog" VALUES(4,'<unknown>',NULL,'supervisor','<unknown>','<unknown>','2026-11-29 22:26:26.591653',NULL,'8fbf7a5841a832736f0017bb53cd234d150d1b7a5f75e2b03934d01f32dc1d8b');
CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL);
INSERT INTO "django_content_type" VALUES(1,'auth','permission');
INSERT INTO "django_content_type" VALUES(2,'auth','group');
INSERT INTO "django_content_type" VALUES(3,'auth','user');
INSERT INTO "django_content_type" VALUES(4,'contenttypes','contenttype');
INSERT INTO "django_content_type" VALUES(5,'sessions','session');
INSERT INTO "django_content_type" VALUES(6,'axes','accessattempt');
INSERT INTO "django_content_type" VALUES(7,'axes','accesslog');
INSERT INTO "django_content_type" VALUES(8,'axes','accessfailurelog');
INSERT INTO "django_content_type" VALUES(9,'axes','accessattemptexpiration');
INSERT INTO "django_content_type" VALUES(10,'rooms','collectorlease');
INSERT INTO "django_content_type" VALUES(11,'rooms','room');
INSERT INTO "django_content_type" VALUES(12,'rooms','sample');
INSERT INTO "django_content_type" VALUES(13,'rooms','chatline');
INSERT INTO "django_content_type" VALUES(14,'rooms','roomevent');
INSERT INTO "django_content_type" VALUES(15,'rooms','reportedgift');
INSERT INTO "django_content_type" VALUES(16,'moderation','auditentry');
INSERT INTO "django_content_type" VALUES(17,'moderation','policy');
INSERT INTO "django_content_type" VALUES(18,'moderation','ban');
INSERT INTO "django_content_type" VALUES(19,'moderation','action');
INSERT INTO "django_content_type" VALUES(20,'moderation','staffprofile');
INSERT INTO "django_content_type" VALUES(21,'moderation','apitoken');
INSERT INTO "django_content_type" VALUES(22,'moderation','ruleswitch');
INSERT INTO "django_content_type" VALUES(23,'moderation','hold');
INSERT INTO "django_content_type" VALUES(24,'moderation','plannedroom');
INSERT INTO "django_content_type" VALUES(25,'moderation','rule');
INSERT INTO "django_content_type" VALUES(26,'moderation','rulehit');
INSERT INTO "django_content_type" VALUES(27,'moderation','timelimit');
INSERT INTO "django_content_type" VALUES(28,'moderation','alert');
INSERT INTO "django_content_type" VALUES(29,'moderation','apirequest');
INSERT INTO "django_content_type" VALUES(30,'moderation','lastlook');
INSERT INTO "django_content_type" VALUES(31,'moderation','note');
INSERT INTO "django_content_type" VALUES(32,'moderation','claim');
INSERT INTO "django_content_type" VALUES(33,'moderation','look');
INSERT INTO "django_content_type" VALUES(34,'monitor','preference');
INSERT INTO "django_content_type" VALUES(35,'monitor','savedview');
CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
INSERT INTO "django_migrations" VALUES(1,'contenttypes','0001_initial','2026-11-29 22:24:53.189087');
INSERT INTO "django_migrations" VALUES(2,'contenttypes','0002_remove_content_type_name','2026-11-29 22:24:53.195784');
INSERT INTO "django_migrations" VALUES(3,'auth','0001_initial','2026-11-29 22:24:53.208980');
INSERT INTO "django_migrations" VALUES(4,'auth','0002_alter_permission_name_max_length','2026-11-29 22:24:53.218678');
INSERT INTO "django_migrations" VALUES(5,'auth','0003_alter_user_email_max_length','2026-11-29 22:24:53.231558');
INSERT INTO "django_migrations" VALUES(6,'auth','0004_alter_user_username_opts','2026-11-29 22:24:53.240850');
INSERT INTO "django_migrations" VALUES(7,'auth','0005_alter_user_last_login_null','2026-11-29 22:24:53.254748');
INSERT INTO "django_migrations" VALUES(8,'auth','0006_require_contenttypes_0002','2026-11-29 22:24:53.255790');
INSERT INTO "django_migrations" VALUES(9,'auth','0007_alter_validators_add_error_messages','2026-11-29 22:24:53.262641');
INSERT INTO "django_migrations" VALUES(10,'auth','0008_alter_user_username_max_length','2026-11-29 22:24:53.278025');
INSERT INTO "django_migrations" VALUES(11,'auth','0009_alter_user_last_name_max_length','2026-11-29 22:24:53.291438');
INSERT INTO "django_migrations" VALUES(12,'auth','0010_alter_group_name_max_length','2026-11-29 22:24:53.303927');
INSERT INTO "django_migrations" VALUES(13,'auth','0011_update_proxy_permissions','2026-11-29 22:24:53.313692');
INSERT INTO "django_migrations" VALUES(14,'auth','0012_alter_user_first_name_max_length','2026-11-29 22:24:53.328957');
INSERT INTO "django_migrations" VALUES(15,'axes','0001_initial','2026-11-29 22:24:53.335318');
INSERT INTO "django_migrations" VALUES(16,'axes','0002_auto_20151217_2044','2026-11-29 22:24:53.391672');
INSERT INTO "django_migrations" VALUES(17,'axes','0003_auto_20160322_0929','2026-11-29 22:24:53.409044');
INSERT INTO "django_migrations" VALUES(18,'axes','0004_auto_20181024_1538','2026-11-29 22:24:53.427184');
INSERT INTO "django_migrations" VALUES(19,'axes','0005_remove_accessattempt_trusted','2026-11-29 22:24:53.436331');
INSERT INTO "django_migrations" VALUES(20,'axes','0006_remove_accesslog_trusted','2026-11-29 22:24:53.444789');
INSERT INTO "django_migrations" VALUES(21,'axes','0007_alter_accessattempt_unique_together','2026-11-29 22:24:53.461841');
INSERT INTO "django_migrations" VALUES(22,'axes','0008_accessfailurelog','2026-11-29 22:24:53.466153');
INSERT INTO "django_migrations" VALUES(23,'axes','0009_add_session_hash','2026-11-29 22:24:53.473642');
INSERT INTO "django_migrations" VALUES(24,'axes','0010_accessattemptexpiration','2026-11-29 22:24:53.479250');
INSERT INTO "django_migrations" VALUES(25,'rooms','0001_initial','2026-11-29 22:24:53.496357');
INSERT INTO "django_migrations" VALUES(26,'rooms','0002_create_time_told','2026-11-29 22:24:53.513359');
INSERT INTO "django_migrations" VALUES(27,'rooms','0003_a_sort_an_index','2026-11-29 22:24:53.556775');
INSERT INTO "django_migrations" VALUES(28,'rooms','0004_host_chat_events','2026-11-29 22:24:53.649326');
INSERT INTO "django_migrations" VALUES(29,'rooms','0005_reported_gifts','2026-11-29 22:24:53.657511');
INSERT INTO "django_migrations" VALUES(30,'rooms','0006_past_by_text','2026-11-29 22:24:53.671515');
INSERT INTO "django_migrations" VALUES(31,'rooms','0007_lookups','2026-11-29 22:24:53.685737');
INSERT INTO "django_migrations" VALUES(32,'rooms','0008_database_time','2026-11-29 22:24:53.691991');
INSERT INTO "django_migrations" VALUES(33,'rooms','0009_folded_names','2026-11-29 22:24:53.823010');
INSERT INTO "django_migrations" VALUES(34,'moderation','0001_initial','2026-11-29 22:24:54.038507');
INSERT INTO "django_migrations" VALUES(35,'moderation','0002_reason_codes','2026-11-29 22:24:54.085274');
INSERT INTO "django_migrations" VALUES(36,'moderation','0003_record_is_append_only','2026-11-29 22:24:54.120588');
INSERT INTO "django_migrations" VALUES(37,'moderation','0004_undo_and_ban_versions','2026-11-29 22:24:54.321833');
INSERT INTO "django_migrations" VALUES(38,'moderation','0005_record_holds_against_replacing','2026-11-29 22:24:54.358930');
INSERT INTO "django_migrations" VALUES(39,'moderation','0006_ends_to_verify','2026-11-29 22:24:54.433125');
INSERT INTO "django_migrations" VALUES(40,'moderation','0007_life_and_rules','2026-11-29 22:24:55.091224');
INSERT INTO "django_migrations" VALUES(41,'moderation','0008_default_rules','2026-11-29 22:24:55.215090');
INSERT INTO "django_migrations" VALUES(42,'moderation','0009_reasons_of_rules','2026-11-29 22:24:55.290528');
INSERT INTO "django_migrations" VALUES(43,'moderation','0010_api_requests','2026-11-29 22:24:55.295986');
INSERT INTO "django_migrations" VALUES(44,'moderation','0011_reasons_of_new_rooms','2026-11-29 22:24:55.340452');
INSERT INTO "django_migrations" VALUES(45,'moderation','0012_looks_claims_notes','2026-11-29 22:24:55.462687');
INSERT INTO "django_migrations" VALUES(46,'moderation','0013_looks_by_time','2026-11-29 22:24:55.672820');
INSERT INTO "django_migrations" VALUES(47,'moderation','0014_first_passwords','2026-11-29 22:24:55.706756');
INSERT INTO "django_migrations" VALUES(48,'moderation','0015_record_takes_no_other_time','2026-11-29 22:24:55.756036');
INSERT INTO "django_migrations" VALUES(49,'moderation','0016_words_by_language','2026-11-29 22:24:55.852876');
INSERT INTO "django_migrations" VALUES(50,'moderation','0017_what_an_act_rests_on','2026-11-29 22:24:55.913796');
INSERT INTO "django_migrations" VALUES(51,'moderation','0018_time_to_undo','2026-11-29 22:24:56.211356');
INSERT INTO "django_migrations" VALUES(52,'moderation','0019_database_time','2026-11-29 22:24:56.524587');
INSERT INTO "django_migrations" VALUES(53,'moderation','0020_folded_text','2026-11-29 22:24:56.657592');
INSERT INTO "django_migrations" VALUES(54,'moderation','0021_times_of_rules_and_alerts','2026-11-29 22:24:56.694964');
INSERT INTO "django_migrations" VALUES(55,'monitor','0001_preferences_and_views','2026-11-29 22:24:56.759461');
INSERT INTO "django_migrations" VALUES(56,'monitor','0002_views_without_a_time','2026-11-29 22:24:56.792396');
INSERT INTO "django_migrations" VALUES(57,'rooms','0010_events_about_an_account','2026-11-29 22:24:56.824603');
INSERT INTO "django_migrations" VALUES(58,'sessions','0001_initial','2026-11-29 22:24:56.829532');
CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL);
INSERT INTO "django_session" VALUES('gsretwrpvj7n354wkk9y2er4f137m1z4','.eJxVi0sKwjAQQO-StZROJxknLr1CDxAmP1LEFJJ2Jd7dCl3o9n1eysm-Fbf31NwS1U2BuvwyL-GR6lc817psaxtO0oc5tJTq_Qz-riK9HAtKRNIpZzZoJgQeJxDMBJqD1VdtPI6RRQ4vzD5YAjIatKUcKUNU7w8xRjMl:1xXnKe:PlH5fciIbiuFEUZA8YYo0orQWP0xMH-fQj6Er06xm3Q','2099-01-01 00:00:00');
INSERT INTO "django_session" VALUES('f2hm0pibvm33ngtqd0ivs76da7o9t22n','.eJxVi0sKwjAQQO-StRSbyWfGpVfwACEzGUgRU0jalXh3FbrQ7fs8Tcr7VtM-tKelmIux5vTLOMtd21c81rZsa58OMqabdNV2PYK_q-ZRP0t0ykqh-OAE54g2OxJLCkIYULioFkcU2LNlmGNmfwZFoBIjAaN5vQFUsDPW:1xXnLE:R8qQUt35a6_fj54oXEgxg5HB4lQbvJbhG_tFvRCcjns','2099-01-01 00:00:00');
INSERT INTO "django_session" VALUES('h1frgbbkyaad1ciecst5itkpfykwlxe2','.eJxVizsOwjAMQO-SGVU1zpeRK3CAyI5dpUKkUtpOiLsDUgdY3-dpMu1bzfuqPc9iLgbN6Zcxlbu2r3gsbd6WPhxkHW6lq7brEfxdldb6WchZgdEHF4VZY_IQQERJuKQxJYiCIRUNnp3Dc_BYkGFySDgxRGvN6w1T6TO2:1xXnLF:BFkbj29gl9LHSYUKp467p3YQfOMmrsVtkxGXRp7O1zY','2099-01-01 00:00:00');
INSERT INTO "django_session" VALUES('93h7m4a5uwn163gqaj6hgrqzga961pd5','.eJxVizsOwjAMQO-SGVU1zpeRK3CAyI5dpUKkUtpOiLsDUgdY3-dpMu1bzfuqPc9iLgbN6Zcxlbu2r3gsbd6WPhxkHW6lq7brEfxdldb6WchZgdEHF4VZY_IQQERJuKQxJYiCIRUNnp3Dc_BYkGFySDgxRGvN6w1T6TO2:1xXnLm:3q0HxZRsdkcSBY34FsN135dZRhXRSZWVXqZGS8wM90s','2099-01-01 00:00:00');
CREATE TABLE "moderation_action" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" char(32) NOT NULL UNIQUE, "verb" varchar(20) NOT NULL, "account" varchar(128) NOT NULL, "seconds" bigint NULL, "text" text NOT NULL, "note" text NOT NULL, "by_name" varchar(150) NOT NULL, "status" varchar(20) NOT NULL, "requested_at" datetime NOT NULL, "due_at" datetime NOT NULL, "give_up_at" datetime NOT NULL, "attempts" smallint unsigned NOT NULL CHECK ("attempts" >= 0), "claim" char(32) NULL, "lease_until" datetime NULL, "called_at" datetime NULL, "finished_at" datetime NULL, "vendor_code" integer NULL, "vendor_text" text NOT NULL, "request_id" varchar(100) NOT NULL, "result" text NOT NULL CHECK ((JSON_VALID("result") OR "result" IS NULL)), "by_id" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "room_id" bigint NOT NULL REFERENCES "rooms_room" ("id") DEFERRABLE INITIALLY DEFERRED, "ban_id" bigint NULL REFERENCES "moderation_ban" ("id") DEFERRABLE INITIALLY DEFERRED, "policy_id" bigint NOT NULL REFERENCES "moderation_policy" ("id") DEFERRABLE INITIALLY DEFERRED, "needs_verifying" bool NOT NULL, "arguments" text NOT NULL CHECK ((JSON_VALID("arguments") OR "arguments" IS NULL)), "hold_id" bigint NULL REFERENCES "moderation_hold" ("id") DEFERRABLE INITIALLY DEFERRED, "rests_on" varchar(20) NOT NULL, "retry_of_id" bigint NULL REFERENCES "moderation_action" ("id") DEFERRABLE INITIALLY DEFERRED, "undoes_id" bigint NULL REFERENCES "moderation_action" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "moderation_action" VALUES(1,'cde09ff9597b4fd886a96803a3966204','end','',NULL,'','','moderator','done','2026-11-29 22:25:47.927155','2026-11-29 22:25:50.926467','2026-11-29 22:27:50.926467',1,NULL,NULL,'2026-11-29 22:25:50.973340','2026-11-29 22:25:51.286181',NULL,'','1c6a9340-88fd-4df0-adf3-738c35dfb39b','{"total_viewers": 1, "total_gifts_sent": 0, "total_gift_coins": 0, "total_unique_gift_senders": 0, "total_likes_received": 0, "verified": true, "reopened": false}',1,12,NULL,1,0,'{}',NULL,'',NULL,NULL);
INSERT INTO "moderation_action" VALUES(2,'5c90e5f678454771a7801f5585201a84','room_ban','streamer_12',604799,'','','system:platform-ban','done','2026-11-29 22:25:52.270276','2026-11-29 22:25:52.269840','2026-11-29 22:27:52.269840',1,NULL,NULL,'2026-11-29 22:25:52.296516','2026-11-29 22:25:52.328787',NULL,'','832f304d-96fd-40c4-9375-fc0bdc3e540a','{}',NULL,2,1,1,0,'{}',NULL,'',NULL,NULL);
INSERT INTO "moderation_action" VALUES(3,'47f90f9fa7234532af48a55b1df939b1','end','',NULL,'','','system:platform-ban','done','2026-11-29 22:25:52.293904','2026-11-29 22:25:52.293426','2026-11-29 22:27:52.293426',1,NULL,NULL,'2026-11-29 22:25:52.310821','2026-11-29 22:25:52.363283',NULL,'','04178d86-278f-4181-b768-14ac0ce84e1f','{"total_viewers": 1, "total_gifts_sent": 0, "total_gift_coins": 0, "total_unique_gift_senders": 0, "total_likes_received": 0, "verified": true, "reopened": false}',NULL,13,1,1,0,'{}',NULL,'',NULL,NULL);
INSERT INTO "moderation_action" VALUES(4,'8fd950ec0b804dd28d40b6973f814c04','room_ban','streamer_12',604799,'','','system:platform-ban','done','2026-11-29 22:25:52.307266','2026-11-29 22:25:52.306838','2026-11-29 22:27:52.306838',1,NULL,NULL,'2026-11-29 22:25:52.319266','2026-11-29 22:25:52.349828',NULL,'','5f4566c4-4a72-4a5f-ad19-2457ff9759a6','{}',NULL,1,1,1,0,'{}',NULL,'',NULL,NULL);
INSERT INTO "moderation_action" VALUES(5,'0b27e4fd45ae4a74ae923165cf27e293','room_ban','streamer_12',604799,'','','system:platform-ban','done','2026-11-29 22:25:52.326104','2026-11-29 22:25:52.325761','2026-11-29 22:27:52.325761',1,NULL,NULL,'2026-11-29 22:25:52.337226','2026-11-29 22:25:52.355894',NULL,'','c00b6de4-2fcd-4760-bc98-9462eee8a505','{}',NULL,6,1,1,0,'{}',NULL,'',NULL,NULL);
INSERT INTO "moderation_action" VALUES(6,'963c528a6ae64ccfb7675f1c5d7637f1','warn','',NULL,'hello','','moderator','requested','2026-11-29 22:27:39.029087','2026-11-29 22:27:38.806454','2026-11-29 22:27:38.806454',0,NULL,NULL,NULL,NULL,NULL,'','','{}',1,1,NULL,11,0,'{"language": "en"}',NULL,'',NULL,NULL);
CREATE TABLE "moderation_alert" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "account" varchar(128) NOT NULL, "source" varchar(60) NOT NULL, "title" varchar(200) NOT NULL, "evidence" text NOT NULL CHECK ((JSON_VALID("evidence") OR "evidence" IS NULL)), "severity" smallint unsigned NOT NULL CHECK ("severity" >= 0), "count" integer unsigned NOT NULL CHECK ("count" >= 0), "raised_at" datetime NOT NULL, "last_raised_at" datetime NOT NULL, "decide_by" datetime NULL, "closed_at" datetime NULL, "closed_by_name" varchar(150) NOT NULL, "outcome" varchar(16) NOT NULL, "note" text NOT NULL, "room_id" bigint NOT NULL REFERENCES "rooms_room" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "moderation_alert" VALUES(1,'','moderator','Escalated: Host gone','{"words": "please look", "reason": "host-gone", "by": "Kestrel 451"}',3,1,'2026-11-29 22:26:26.613677','2026-11-29 22:26:26.613687',NULL,NULL,'','','',1);
CREATE TABLE "moderation_apirequest" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(200) NOT NULL, "digest" varchar(64) NOT NULL, "answer" text NOT NULL CHECK ((JSON_VALID("answer") OR "answer" IS NULL)), "at" datetime NOT NULL, "token_id" bigint NOT NULL REFERENCES "moderation_apitoken" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_request_per_token_and_key" UNIQUE ("token_id", "key"));
INSERT INTO "moderation_apirequest" VALUES(1,'idem-1','d','{"a": 1}','2026-11-29 22:27:39.025873',1);
CREATE TABLE "moderation_apitoken" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(40) NOT NULL UNIQUE, "digest" varchar(64) NOT NULL UNIQUE, "hint" varchar(8) NOT NULL, "scopes" text NOT NULL CHECK ((JSON_VALID("scopes") OR "scopes" IS NULL)), "made_at" datetime NOT NULL, "made_by_name" varchar(150) NOT NULL, "expires_at" datetime NULL, "last_used_at" datetime NULL, "revoked_at" datetime NULL, "revoked_by_name" varchar(150) NOT NULL);
INSERT INTO "moderation_apitoken" VALUES(1,'backend','08ce442089518602d51eb8ec02315b86e30818fadf5c558538a111cd3c91dd45','lw_wT2h','["rooms:read", "bans:write"]','2026-11-29 22:26:38.479509','supervisor',NULL,NULL,NULL,'');
CREATE TABLE "moderation_auditentry" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at" datetime NOT NULL, "actor_id" bigint NULL, "actor" varchar(150) NOT NULL, "code_name" varchar(40) NOT NULL, "verb" varchar(40) NOT NULL, "room_pk" bigint NULL, "room_id" varchar(128) NOT NULL, "room_name" varchar(255) NOT NULL, "account" varchar(128) NOT NULL, "reason" varchar(40) NOT NULL, "note" text NOT NULL, "outcome" varchar(40) NOT NULL, "before" text NOT NULL CHECK ((JSON_VALID("before") OR "before" IS NULL)), "after" text NOT NULL CHECK ((JSON_VALID("after") OR "after" IS NULL)), "vendor_code" integer NULL, "request_id" varchar(100) NOT NULL, "action_id" bigint NULL, "ban_id" bigint NULL, folded text DEFAULT '' NOT NULL);
INSERT INTO "moderation_auditentry" VALUES(1,'2026-11-29 22:24:57.842000',NULL,'system:demo_people','','make_person',NULL,'','','moderator','','','done','{}','{"role": "moderator", "is_active": true}',NULL,'',NULL,NULL,'moderator

');
INSERT INTO "moderation_auditentry" VALUES(2,'2026-11-29 22:24:58.255000',NULL,'system:demo_people','','make_person',NULL,'','','banadmin','','','done','{}','{"role": "banadmin", "is_active": true}',NULL,'',NULL,NULL,'banadmin

');
INSERT INTO "moderation_auditentry" VALUES(3,'2026-11-29 22:24:58.633000',NULL,'system:demo_people','','make_person',NULL,'','','supervisor','','','done','{}','{"role": "supervisor", "is_active": true}',NULL,'',NULL,NULL,'supervisor

');
INSERT INTO "moderation_auditentry" VALUES(4,'2026-11-29 22:24:59.009000',NULL,'system:demo_people','','make_person',NULL,'','','auditor','','','done','{}','{"role": "auditor", "is_active": true}',NULL,'',NULL,NULL,'auditor

');
INSERT INTO "moderation_auditentry" VALUES(5,'2026-11-29 22:25:16.488000',1,'moderator','Kestrel 451','log_in',NULL,'','','','','','done','{}','{}',NULL,'',NULL,NULL,'

');
INSERT INTO "moderation_auditentry" VALUES(6,'2026-11-29 22:25:47.930000',1,'moderator','Kestrel 451','end',12,'live_host_1005','Cuộc sống Sài Gòn về đêm','','sexual','','requested','{"online": 0, "reward": 0, "is_live": true}','{"status": "requested"}',NULL,'',1,NULL,'
live_host_1005
cuộc sống sài gòn về đêm');
INSERT INTO "moderation_auditentry" VALUES(7,'2026-11-29 22:25:51.291000',1,'moderator','Kestrel 451','end',12,'live_host_1005','Cuộc sống Sài Gòn về đêm','','sexual','','done','{"status": "calling"}','{"status": "done", "total_viewers": 1, "total_gifts_sent": 0, "total_gift_coins": 0, "total_unique_gift_senders": 0, "total_likes_received": 0}',NULL,'1c6a9340-88fd-4df0-adf3-738c35dfb39b',1,NULL,'
live_host_1005
cuộc sống sài gòn về đêm');
INSERT INTO "moderation_auditentry" VALUES(8,'2026-11-29 22:25:52.117000',2,'banadmin','Heron 367','log_in',NULL,'','','','','','done','{}','{}',NULL,'',NULL,NULL,'

');
INSERT INTO "moderation_auditentry" VALUES(9,'2026-11-29 22:25:52.239000',2,'banadmin','Heron 367','platform_ban',NULL,'','','streamer_12','sexual','','done','{}','{"until": "2026-12-06T22:25:52.230703+00:00", "in_force": true}',NULL,'',NULL,1,'streamer_12

');
INSERT INTO "moderation_auditentry" VALUES(10,'2026-11-29 22:25:52.272000',NULL,'system:platform-ban','','room_ban',2,'live_host_1007','<script>alert(''owned'')</script>','streamer_12','sexual','','requested','{"online": 4619, "reward": 56463, "is_live": true}','{"status": "requested", "seconds": 604799}',NULL,'',2,1,'streamer_12
live_host_1007
<script>alert(''owned'')</script>');
INSERT INTO "moderation_auditentry" VALUES(11,'2026-11-29 22:25:52.295000',NULL,'system:platform-ban','','end',13,'hidden_from_the_listing','hidden_from_the_listing','','sexual','','requested','{"online": 1, "reward": 0, "is_live": true}','{"status": "requested"}',NULL,'',3,1,'
hidden_from_the_listing
hidden_from_the_listing');
INSERT INTO "moderation_auditentry" VALUES(12,'2026-11-29 22:25:52.312000',NULL,'system:platform-ban','','room_ban',1,'live_host_1001','Jazz standards, slow tempo','streamer_12','sexual','','requested','{"online": 65247, "reward": 3003242, "is_live": true}','{"status": "requested", "seconds": 604799}',NULL,'',4,1,'streamer_12
live_host_1001
jazz standards, slow tempo');
INSERT INTO "moderation_auditentry" VALUES(13,'2026-11-29 22:25:52.327000',NULL,'system:platform-ban','','room_ban',6,'live_host_1003','朝活 一緒に勉強しよう','streamer_12','sexual','','requested','{"online": 1084, "reward": 1117, "is_live": true}','{"status": "requested", "seconds": 604799}',NULL,'',5,1,'streamer_12
live_host_1003
朝活 一緒に勉強しよう');
INSERT INTO "moderation_auditentry" VALUES(14,'2026-11-29 22:25:52.330000',NULL,'system:platform-ban','','room_ban',2,'live_host_1007','<script>alert(''owned'')</script>','streamer_12','sexual','','done','{"status": "calling"}','{"status": "done", "seconds": 604799}',NULL,'832f304d-96fd-40c4-9375-fc0bdc3e540a',2,1,'streamer_12
live_host_1007
<script>alert(''owned'')</script>');
INSERT INTO "moderation_auditentry" VALUES(15,'2026-11-29 22:25:52.351000',NULL,'system:platform-ban','','room_ban',1,'live_host_1001','Jazz standards, slow tempo','streamer_12','sexual','','done','{"status": "calling"}','{"status": "done", "seconds": 604799}',NULL,'5f4566c4-4a72-4a5f-ad19-2457ff9759a6',4,1,'streamer_12
live_host_1001
jazz standards, slow tempo');
INSERT INTO "moderation_auditentry" VALUES(16,'2026-11-29 22:25:52.357000',NULL,'system:platform-ban','','room_ban',6,'live_host_1003','朝活 一緒に勉強しよう','streamer_12','sexual','','done','{"status": "calling"}','{"status": "done", "seconds": 604799}',NULL,'c00b6de4-2fcd-4760-bc98-9462eee8a505',5,1,'streamer_12
live_host_1003
朝活 一緒に勉強しよう');
INSERT INTO "moderation_auditentry" VALUES(17,'2026-11-29 22:25:52.365000',NULL,'system:platform-ban','','end',13,'hidden_from_the_listing','hidden_from_the_listing','','sexual','','done','{"status": "calling"}','{"status": "done", "total_viewers": 1, "total_gifts_sent": 0, "total_gift_coins": 0, "total_unique_gift_senders": 0, "total_likes_received": 0}',NULL,'04178d86-278f-4181-b768-14ac0ce84e1f',3,1,'
hidden_from_the_listing
hidden_from_the_listing');
INSERT INTO "moderation_auditentry" VALUES(18,'2026-11-29 22:25:53.331000',NULL,'system:verification','','end',12,'live_host_1005','Cuộc sống Sài Gòn về đêm','','sexual','','verified','{"status": "done"}','{"status": "done", "total_viewers": 1, "total_gifts_sent": 0, "total_gift_coins": 0, "total_unique_gift_senders": 0, "total_likes_received": 0, "verified": true, "reopened": false}',NULL,'1c6a9340-88fd-4df0-adf3-738c35dfb39b',1,NULL,'
live_host_1005
cuộc sống sài gòn về đêm');
INSERT INTO "moderation_auditentry" VALUES(19,'2026-11-29 22:25:53.335000',1,'moderator','Kestrel 451','hold',12,'live_host_1005','Cuộc sống Sài Gòn về đêm','host_1005','sexual','','done','{}','{"until": "2026-11-29T22:35:53.332053+00:00", "while_banned": false, "again": 0, "in_force": true}',NULL,'',NULL,NULL,'host_1005
live_host_1005
cuộc sống sài gòn về đêm');
INSERT INTO "moderation_auditentry" VALUES(20,'2026-11-29 22:25:53.517000',3,'supervisor','Petrel 587','log_in',NULL,'','','','','','done','{}','{}',NULL,'',NULL,NULL,'

');
INSERT INTO "moderation_auditentry" VALUES(21,'2026-11-29 22:25:54.400000',NULL,'system:verification','','end',13,'hidden_from_the_listing','hidden_from_the_listing','','sexual','','verified','{"status": "done"}','{"status": "done", "total_viewers": 1, "total_gifts_sent": 0, "total_gift_coins": 0, "total_unique_gift_senders": 0, "total_likes_received": 0, "verified": true, "reopened": false}',NULL,'04178d86-278f-4181-b768-14ac0ce84e1f',3,1,'
hidden_from_the_listing
hidden_from_the_listing');
INSERT INTO "moderation_auditentry" VALUES(22,'2026-11-29 22:25:54.410000',NULL,'system:platform-ban','','hold',13,'hidden_from_the_listing','hidden_from_the_listing','streamer_12','sexual','','done','{}','{"until": "2026-11-29T22:35:54.400970+00:00", "while_banned": true, "again": 0, "in_force": true}',NULL,'',NULL,1,'streamer_12
hidden_from_the_listing
hidden_from_the_listing');
INSERT INTO "moderation_auditentry" VALUES(23,'2026-11-29 22:26:26.594000',3,'supervisor','Petrel 587','log_in',NULL,'','','','','','done','{}','{}',NULL,'',NULL,NULL,'

');
INSERT INTO "moderation_auditentry" VALUES(24,'2026-11-29 22:26:26.599000',1,'moderator','Kestrel 451','claim',1,'live_host_1001','Jazz standards, slow tempo','','','','done','{}','{}',NULL,'',NULL,NULL,'
live_host_1001
jazz standards, slow tempo');
INSERT INTO "moderation_auditentry" VALUES(25,'2026-11-29 22:26:26.605000',1,'moderator','Kestrel 451','note',1,'live_host_1001','Jazz standards, slow tempo','host_1001','','watch the guest','done','{}','{}',NULL,'',NULL,NULL,'host_1001
live_host_1001
jazz standards, slow tempo');
INSERT INTO "moderation_auditentry" VALUES(26,'2026-11-29 22:26:26.615000',NULL,'moderator','','raise_alert',1,'live_host_1001','Jazz standards, slow tempo','','','please look','done','{}','{"alert": 1, "source": "moderator", "title": "Escalated: Host gone", "severity": 3}',NULL,'',NULL,NULL,'
live_host_1001
jazz standards, slow tempo');
INSERT INTO "moderation_auditentry" VALUES(27,'2026-11-29 22:26:26.615000',1,'moderator','Kestrel 451','escalate',1,'live_host_1001','Jazz standards, slow tempo','','host-gone','please look','done','{}','{"alert": 1}',NULL,'',NULL,NULL,'
live_host_1001
jazz standards, slow tempo');
INSERT INTO "moderation_auditentry" VALUES(28,'2026-11-29 22:26:38.476000',3,'supervisor','Petrel 587','set_limit',1,'live_host_1001','Jazz standards, slow tempo','host_1001','host-gone','','done','{}','{"ends_at": "2026-11-29T23:25:46+00:00", "seconds": 3600, "closed": false}',NULL,'',NULL,NULL,'host_1001
live_host_1001
jazz standards, slow tempo');
INSERT INTO "moderation_auditentry" VALUES(29,'2026-11-29 22:26:38.480000',3,'supervisor','Petrel 587','make_token',NULL,'','','api:backend','','','done','{}','{"scopes": ["rooms:read", "bans:write"], "until": "without end"}',NULL,'',NULL,NULL,'api:backend

');
CREATE TABLE "moderation_ban" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "account" varchar(128) NOT NULL, "note" text NOT NULL, "created_at" datetime NOT NULL, "until" datetime NULL, "by_name" varchar(150) NOT NULL, "lifted_at" datetime NULL, "lifted_by_name" varchar(150) NOT NULL, "lift_note" text NOT NULL, "expired_at" datetime NULL, "by_id" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "policy_id" bigint NOT NULL REFERENCES "moderation_policy" ("id") DEFERRABLE INITIALLY DEFERRED, "changed_at" datetime NOT NULL, "key" char(32) NULL UNIQUE, "orders_due" bool NOT NULL, "version" integer unsigned NOT NULL CHECK ("version" >= 0), folded text DEFAULT '' NOT NULL);
INSERT INTO "moderation_ban" VALUES(1,'streamer_12','','2026-11-29 22:25:52.238328','2026-12-06 22:25:52.230703','banadmin',NULL,'','',NULL,2,1,'2026-11-29 22:25:52.238383','9a2d93ba4c124d5eb50d774770dc8bdb',0,1,'streamer_12
banadmin
');
CREATE TABLE "moderation_claim" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "by_name" varchar(150) NOT NULL, "code_name" varchar(40) NOT NULL, "at" datetime NOT NULL, "released_at" datetime NULL, "released_by_name" varchar(150) NOT NULL, "by_id" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "room_id" bigint NOT NULL REFERENCES "rooms_room" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "moderation_claim" VALUES(1,'moderator','Kestrel 451','2026-11-29 22:26:26.598440',NULL,'',1,1);
CREATE TABLE "moderation_hold" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "room_id" varchar(128) NOT NULL, "owner_account" varchar(128) NOT NULL, "until" datetime NULL, "by_name" varchar(150) NOT NULL, "placed_at" datetime NOT NULL, "again" integer unsigned NOT NULL CHECK ("again" >= 0), "last_again_at" datetime NULL, "lifted_at" datetime NULL, "lifted_by_name" varchar(150) NOT NULL, "lift_note" text NOT NULL, "ban_id" bigint NULL REFERENCES "moderation_ban" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "policy_id" bigint NOT NULL REFERENCES "moderation_policy" ("id") DEFERRABLE INITIALLY DEFERRED, folded text DEFAULT '' NOT NULL);
INSERT INTO "moderation_hold" VALUES(1,'live_host_1005','host_1005','2026-11-29 22:35:53.332053','moderator','2026-11-29 22:25:53.334623',0,NULL,NULL,'','',NULL,1,1,'live_host_1005
host_1005
moderator');
INSERT INTO "moderation_hold" VALUES(2,'hidden_from_the_listing','streamer_12','2026-11-29 22:35:54.400970','system:platform-ban','2026-11-29 22:25:54.406825',0,NULL,NULL,'','',1,NULL,1,'hidden_from_the_listing
streamer_12
system:platform-ban');
CREATE TABLE "moderation_lastlook" ("room_id" bigint NOT NULL PRIMARY KEY REFERENCES "rooms_room" ("id") DEFERRABLE INITIALLY DEFERRED, "at" datetime NOT NULL, "by_name" varchar(150) NOT NULL, "code_name" varchar(40) NOT NULL);
INSERT INTO "moderation_lastlook" VALUES(1,'2026-11-29 22:27:38.806454','moderator','M');
CREATE TABLE "moderation_look" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "by_name" varchar(150) NOT NULL, "where" varchar(8) NOT NULL, "at" datetime NOT NULL, "seconds" integer unsigned NOT NULL CHECK ("seconds" >= 0), "room_id" bigint NOT NULL REFERENCES "rooms_room" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "moderation_look" VALUES(1,'moderator','room','2026-11-29 22:27:38.806454',5,1,1);
CREATE TABLE "moderation_note" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "room_key" varchar(128) NOT NULL, "account" varchar(128) NOT NULL, "text" text NOT NULL, "by_name" varchar(150) NOT NULL, "code_name" varchar(40) NOT NULL, "key" char(32) NOT NULL UNIQUE, "at" datetime NOT NULL, "taken_back_at" datetime NULL, "by_id" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "room_id" bigint NULL REFERENCES "rooms_room" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "moderation_note" VALUES(1,'live_host_1001','host_1001','watch the guest','moderator','Kestrel 451','643a5741de8a40b7a2a54d1fa6a187c8','2026-11-29 22:26:26.604077',NULL,1,1);
CREATE TABLE "moderation_plannedroom" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" char(32) NOT NULL UNIQUE, "room_id" varchar(48) NOT NULL, "owner_account" varchar(128) NOT NULL, "name" varchar(100) NOT NULL, "cover_url" varchar(200) NOT NULL, "notice" varchar(100) NOT NULL, "categories" text NOT NULL CHECK ((JSON_VALID("categories") OR "categories" IS NULL)), "seat_template" varchar(64) NOT NULL, "take_seat_mode" varchar(32) NOT NULL, "visibility" varchar(16) NOT NULL, "import_owner" bool NOT NULL, "time_limit_seconds" integer unsigned NULL CHECK ("time_limit_seconds" >= 0), "starts_at" datetime NULL, "note" text NOT NULL, "by_name" varchar(150) NOT NULL, "status" varchar(16) NOT NULL, "planned_at" datetime NOT NULL, "due_at" datetime NOT NULL, "give_up_at" datetime NOT NULL, "attempts" smallint unsigned NOT NULL CHECK ("attempts" >= 0), "claim" char(32) NULL, "lease_until" datetime NULL, "called_at" datetime NULL, "finished_at" datetime NULL, "vendor_code" integer NULL, "vendor_text" text NOT NULL, "request_id" varchar(100) NOT NULL, "published_at" datetime NULL, "published_sign" varchar(100) NOT NULL, "broadcast_id" bigint NULL REFERENCES "rooms_room" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "policy_id" bigint NOT NULL REFERENCES "moderation_policy" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "moderation_plannedroom" VALUES(1,'eec4ba7775a94057bd3de9cf440593c9','planned-1','host','Show','','','[]','','FreeToTake','on_start',0,NULL,NULL,'','moderator','requested','2026-11-29 22:27:39.021374','2026-11-29 22:27:38.806454','2026-11-29 22:27:38.806454',0,NULL,NULL,NULL,NULL,NULL,'','',NULL,'',NULL,1,11);
CREATE TABLE "moderation_policy" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "code" varchar(40) NOT NULL UNIQUE, "title" varchar(100) NOT NULL, "text" text NOT NULL, "key" smallint unsigned NOT NULL CHECK ("key" >= 0), "is_active" bool NOT NULL, "hold_seconds" integer unsigned NOT NULL CHECK ("hold_seconds" >= 0), "hold_while_banned" bool NOT NULL, "translations" text NOT NULL CHECK ((JSON_VALID("translations") OR "translations" IS NULL)));
INSERT INTO "moderation_policy" VALUES(1,'sexual','Sexual content','Sexual content is not allowed on this platform.',1,1,600,1,'{"ja": {"title": "\u6027\u7684\u306a\u5185\u5bb9", "text": "\u3053\u306e\u30d7\u30e9\u30c3\u30c8\u30d5\u30a9\u30fc\u30e0\u3067\u306f\u6027\u7684\u306a\u5185\u5bb9\u306e\u914d\u4fe1\u306f\u7981\u6b62\u3055\u308c\u3066\u3044\u307e\u3059\u3002"}, "zh-hans": {"title": "\u8272\u60c5\u5185\u5bb9", "text": "\u672c\u5e73\u53f0\u7981\u6b62\u8272\u60c5\u5185\u5bb9\u3002"}, "zh-hant": {"title": "\u8272\u60c5\u5167\u5bb9", "text": "\u672c\u5e73\u53f0\u7981\u6b62\u8272\u60c5\u5167\u5bb9\u3002"}}');
INSERT INTO "moderation_policy" VALUES(2,'minors','Danger to minors','Content that sexualises or endangers minors is not allowed.',2,1,600,1,'{"ja": {"title": "\u672a\u6210\u5e74\u8005\u3078\u306e\u5371\u967a", "text": "\u672a\u6210\u5e74\u8005\u3092\u6027\u7684\u306b\u6271\u3046\u5185\u5bb9\u3084\u3001\u5371\u967a\u306b\u3055\u3089\u3059\u5185\u5bb9\u306f\u7981\u6b62\u3055\u308c\u3066\u3044\u307e\u3059\u3002"}, "zh-hans": {"title": "\u5371\u5bb3\u672a\u6210\u5e74\u4eba", "text": "\u7981\u6b62\u5c06\u672a\u6210\u5e74\u4eba\u6027\u5316\u6216\u5371\u5bb3\u672a\u6210\u5e74\u4eba\u7684\u5185\u5bb9\u3002"}, "zh-hant": {"title": "\u5371\u5bb3\u672a\u6210\u5e74\u4eba", "text": "\u7981\u6b62\u5c07\u672a\u6210\u5e74\u4eba\u6027\u5316\u6216\u5371\u5bb3\u672a\u6210\u5e74\u4eba\u7684\u5167\u5bb9\u3002"}}');
INSERT INTO "moderation_policy" VALUES(3,'violence','Violence or gore','Violent or shocking content is not allowed.',3,1,600,1,'{"ja": {"title": "\u66b4\u529b\u30fb\u6b8b\u8650\u8868\u73fe", "text": "\u66b4\u529b\u7684\u306a\u5185\u5bb9\u3084\u885d\u6483\u7684\u306a\u5185\u5bb9\u306f\u7981\u6b62\u3055\u308c\u3066\u3044\u307e\u3059\u3002"}, "zh-hans": {"title": "\u66b4\u529b\u6216\u8840\u8165", "text": "\u7981\u6b62\u66b4\u529b\u6216\u4ee4\u4eba\u4e0d\u9002\u7684\u5185\u5bb9\u3002"}, "zh-hant": {"title": "\u66b4\u529b\u6216\u8840\u8165", "text": "\u7981\u6b62\u66b4\u529b\u6216\u4ee4\u4eba\u4e0d\u9069\u7684\u5167\u5bb9\u3002"}}');
INSERT INTO "moderation_policy" VALUES(4,'self-harm','Self-harm','Content that shows or encourages self-harm is not allowed. Help is available.',4,1,600,1,'{"ja": {"title": "\u81ea\u50b7\u884c\u70ba", "text": "\u81ea\u50b7\u884c\u70ba\u3092\u898b\u305b\u308b\u5185\u5bb9\u3084\u3001\u3059\u3059\u3081\u308b\u5185\u5bb9\u306f\u7981\u6b62\u3055\u308c\u3066\u3044\u307e\u3059\u3002\u76f8\u8ac7\u3067\u304d\u308b\u7a93\u53e3\u304c\u3042\u308a\u307e\u3059\u3002"}, "zh-hans": {"title": "\u81ea\u6b8b", "text": "\u7981\u6b62\u5c55\u793a\u6216\u9f13\u52b1\u81ea\u6b8b\u7684\u5185\u5bb9\u3002\u60a8\u53ef\u4ee5\u5bfb\u6c42\u5e2e\u52a9\u3002"}, "zh-hant": {"title": "\u81ea\u6b98", "text": "\u7981\u6b62\u5c55\u793a\u6216\u9f13\u52f5\u81ea\u6b98\u7684\u5167\u5bb9\u3002\u60a8\u53ef\u4ee5\u5c0b\u6c42\u5354\u52a9\u3002"}}');
INSERT INTO "moderation_policy" VALUES(5,'hate','Hate or harassment','Hateful content and harassment are not allowed.',5,1,600,1,'{"ja": {"title": "\u30d8\u30a4\u30c8\u30fb\u5acc\u304c\u3089\u305b", "text": "\u30d8\u30a4\u30c8\u3084\u5acc\u304c\u3089\u305b\u306f\u7981\u6b62\u3055\u308c\u3066\u3044\u307e\u3059\u3002"}, "zh-hans": {"title": "\u4ec7\u6068\u6216\u9a9a\u6270", "text": "\u7981\u6b62\u4ec7\u6068\u5185\u5bb9\u548c\u9a9a\u6270\u884c\u4e3a\u3002"}, "zh-hant": {"title": "\u4ec7\u6068\u6216\u9a37\u64fe", "text": "\u7981\u6b62\u4ec7\u6068\u5167\u5bb9\u548c\u9a37\u64fe\u884c\u70ba\u3002"}}');
INSERT INTO "moderation_policy" VALUES(6,'fraud','Fraud or scam','Misleading people for gain is not allowed.',6,1,600,1,'{"ja": {"title": "\u8a50\u6b3a", "text": "\u5229\u76ca\u306e\u305f\u3081\u306b\u4eba\u3092\u3060\u307e\u3059\u884c\u70ba\u306f\u7981\u6b62\u3055\u308c\u3066\u3044\u307e\u3059\u3002"}, "zh-hans": {"title": "\u6b3a\u8bc8", "text": "\u7981\u6b62\u4e3a\u725f\u5229\u800c\u8bef\u5bfc\u4ed6\u4eba\u3002"}, "zh-hant": {"title": "\u8a50\u9a19", "text": "\u7981\u6b62\u70ba\u725f\u5229\u800c\u8aa4\u5c0e\u4ed6\u4eba\u3002"}}');
INSERT INTO "moderation_policy" VALUES(7,'illegal','Illegal goods or acts','Illegal goods and acts are not allowed.',7,1,600,1,'{"ja": {"title": "\u9055\u6cd5\u306a\u5546\u54c1\u30fb\u884c\u70ba", "text": "\u9055\u6cd5\u306a\u5546\u54c1\u3084\u884c\u70ba\u306f\u7981\u6b62\u3055\u308c\u3066\u3044\u307e\u3059\u3002"}, "zh-hans": {"title": "\u8fdd\u6cd5\u5546\u54c1\u6216\u884c\u4e3a", "text": "\u7981\u6b62\u8fdd\u6cd5\u5546\u54c1\u548c\u8fdd\u6cd5\u884c\u4e3a\u3002"}, "zh-hant": {"title": "\u9055\u6cd5\u5546\u54c1\u6216\u884c\u70ba", "text": "\u7981\u6b62\u9055\u6cd5\u5546\u54c1\u548c\u9055\u6cd5\u884c\u70ba\u3002"}}');
INSERT INTO "moderation_policy" VALUES(8,'copyright','Copyright','You may not broadcast what others hold the rights to.',8,1,600,1,'{"ja": {"title": "\u8457\u4f5c\u6a29", "text": "\u4ed6\u8005\u304c\u6a29\u5229\u3092\u6301\u3064\u3082\u306e\u3092\u914d\u4fe1\u3059\u308b\u3053\u3068\u306f\u3067\u304d\u307e\u305b\u3093\u3002"}, "zh-hans": {"title": "\u7248\u6743", "text": "\u4e0d\u5f97\u64ad\u51fa\u4ed6\u4eba\u4eab\u6709\u6743\u5229\u7684\u5185\u5bb9\u3002"}, "zh-hant": {"title": "\u8457\u4f5c\u6b0a", "text": "\u4e0d\u5f97\u64ad\u51fa\u4ed6\u4eba\u4eab\u6709\u6b0a\u5229\u7684\u5167\u5bb9\u3002"}}');
INSERT INTO "moderation_policy" VALUES(9,'other','Spam or other','This broadcast breaks the rules of the platform.',9,1,600,1,'{"ja": {"title": "\u30b9\u30d1\u30e0\u30fb\u305d\u306e\u4ed6", "text": "\u3053\u306e\u914d\u4fe1\u306f\u30d7\u30e9\u30c3\u30c8\u30d5\u30a9\u30fc\u30e0\u306e\u898f\u5247\u306b\u9055\u53cd\u3057\u3066\u3044\u307e\u3059\u3002"}, "zh-hans": {"title": "\u5783\u573e\u4fe1\u606f\u6216\u5176\u4ed6", "text": "\u672c\u6b21\u76f4\u64ad\u8fdd\u53cd\u4e86\u5e73\u53f0\u89c4\u5219\u3002"}, "zh-hant": {"title": "\u5783\u573e\u8a0a\u606f\u6216\u5176\u4ed6", "text": "\u672c\u6b21\u76f4\u64ad\u9055\u53cd\u4e86\u5e73\u53f0\u898f\u5247\u3002"}}');
INSERT INTO "moderation_policy" VALUES(10,'time-is-over','Time is over','The time of this broadcast is over.',0,0,0,0,'{"ja": {"title": "\u6642\u9593\u7d42\u4e86", "text": "\u3053\u306e\u914d\u4fe1\u306e\u6642\u9593\u306f\u7d42\u4e86\u3057\u307e\u3057\u305f\u3002"}, "zh-hans": {"title": "\u65f6\u95f4\u5df2\u5230", "text": "\u672c\u6b21\u76f4\u64ad\u7684\u65f6\u95f4\u5df2\u5230\u3002"}, "zh-hant": {"title": "\u6642\u9593\u5df2\u5230", "text": "\u672c\u6b21\u76f4\u64ad\u7684\u6642\u9593\u5df2\u5230\u3002"}}');
INSERT INTO "moderation_policy" VALUES(11,'host-gone','Host gone','The host of this broadcast has not been there for a while.',0,0,0,0,'{"ja": {"title": "\u914d\u4fe1\u8005\u4e0d\u5728", "text": "\u3053\u306e\u914d\u4fe1\u306e\u914d\u4fe1\u8005\u306f\u3057\u3070\u3089\u304f\u4e0d\u5728\u3067\u3059\u3002"}, "zh-hans": {"title": "\u4e3b\u64ad\u79bb\u5f00", "text": "\u672c\u6b21\u76f4\u64ad\u7684\u4e3b\u64ad\u5df2\u79bb\u5f00\u4e00\u6bb5\u65f6\u95f4\u3002"}, "zh-hant": {"title": "\u4e3b\u64ad\u96e2\u958b", "text": "\u672c\u6b21\u76f4\u64ad\u7684\u4e3b\u64ad\u5df2\u96e2\u958b\u4e00\u6bb5\u6642\u9593\u3002"}}');
INSERT INTO "moderation_policy" VALUES(12,'programme','Planned programme','',0,0,0,0,'{"ja": {"title": "\u4e88\u5b9a\u3055\u308c\u305f\u756a\u7d44"}, "zh-hans": {"title": "\u8ba1\u5212\u5185\u8282\u76ee"}, "zh-hant": {"title": "\u6392\u5b9a\u7684\u7bc0\u76ee"}}');
INSERT INTO "moderation_policy" VALUES(13,'rehearsal','Rehearsal or test','',0,0,0,0,'{"ja": {"title": "\u30ea\u30cf\u30fc\u30b5\u30eb\u30fb\u30c6\u30b9\u30c8"}, "zh-hans": {"title": "\u5f69\u6392\u6216\u6d4b\u8bd5"}, "zh-hant": {"title": "\u5f69\u6392\u6216\u6e2c\u8a66"}}');
CREATE TABLE "moderation_rule" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "slug" varchar(40) NOT NULL UNIQUE, "title" varchar(100) NOT NULL, "kind" varchar(20) NOT NULL, "act" varchar(20) NOT NULL, "settings" text NOT NULL CHECK ((JSON_VALID("settings") OR "settings" IS NULL)), "is_on" bool NOT NULL, "dry_only" bool NOT NULL, "daily_cap" integer unsigned NOT NULL CHECK ("daily_cap" >= 0), "version" integer unsigned NOT NULL CHECK ("version" >= 0), "changed_at" datetime NOT NULL, "changed_by_name" varchar(150) NOT NULL, "policy_id" bigint NOT NULL REFERENCES "moderation_policy" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "moderation_rule" VALUES(1,'time-limit','Time limit','time_limit','end','{}',1,0,10000,1,'2026-11-29 22:24:55.200321','',10);
INSERT INTO "moderation_rule" VALUES(2,'host-gone','Host gone','host_gone','end','{"grace": 300}',0,0,1000,1,'2026-11-29 22:24:55.203112','',11);
INSERT INTO "moderation_rule" VALUES(3,'banned-host','Banned host opens a room','banned_host','end','{}',1,0,10000,1,'2026-11-29 22:24:55.205562','',9);
INSERT INTO "moderation_rule" VALUES(4,'banned-user','Banned user enters','banned_user','room_ban','{}',1,0,100000,1,'2026-11-29 22:24:55.207947','',9);
INSERT INTO "moderation_rule" VALUES(5,'label-violence','Label: violence','label','alert','{"labels": ["violence"], "score": 90}',0,0,1000,1,'2026-11-29 22:24:55.210324','',3);
INSERT INTO "moderation_rule" VALUES(6,'words-fraud','Words: fraud','words','alert','{"words": ["free coins", "gift card"]}',0,0,1000,1,'2026-11-29 22:24:55.212669','',6);
CREATE TABLE "moderation_rulehit" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "room_key" varchar(128) NOT NULL, "account" varchar(128) NOT NULL, "key" varchar(120) NOT NULL UNIQUE, "evidence" text NOT NULL CHECK ((JSON_VALID("evidence") OR "evidence" IS NULL)), "outcome" varchar(16) NOT NULL, "words" text NOT NULL, "at" datetime NOT NULL, "action_id" bigint NULL REFERENCES "moderation_action" ("id") DEFERRABLE INITIALLY DEFERRED, "room_id" bigint NULL REFERENCES "rooms_room" ("id") DEFERRABLE INITIALLY DEFERRED, "rule_id" bigint NOT NULL REFERENCES "moderation_rule" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "moderation_rulehit" VALUES(1,'live_host_1001','x','k1','{"words": "seen"}','alerted','','2026-11-29 22:27:38.806454',NULL,1,3);
CREATE TABLE "moderation_ruleswitch" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "all_off" bool NOT NULL, "changed_at" datetime NOT NULL, "changed_by_name" varchar(150) NOT NULL, "note" text NOT NULL);
INSERT INTO "moderation_ruleswitch" VALUES(1,0,'2026-11-29 22:24:55.214470','','');
CREATE TABLE "moderation_staffprofile" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "code_name" varchar(40) NOT NULL UNIQUE, "user_id" integer NOT NULL UNIQUE REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "must_change_password" bool NOT NULL, "undo_seconds" smallint unsigned NULL CHECK ("undo_seconds" >= 0));
INSERT INTO "moderation_staffprofile" VALUES(1,'Kestrel 451',1,0,NULL);
INSERT INTO "moderation_staffprofile" VALUES(2,'Heron 367',2,0,NULL);
INSERT INTO "moderation_staffprofile" VALUES(3,'Petrel 587',3,0,NULL);
INSERT INTO "moderation_staffprofile" VALUES(4,'Kestrel 285',4,0,NULL);
CREATE TABLE "moderation_timelimit" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "room_id" varchar(128) NOT NULL, "seconds" integer unsigned NULL CHECK ("seconds" >= 0), "ends_at" datetime NULL, "note" text NOT NULL, "by_name" varchar(150) NOT NULL, "set_at" datetime NOT NULL, "warned_minutes" smallint unsigned NULL CHECK ("warned_minutes" >= 0), "extended" smallint unsigned NOT NULL CHECK ("extended" >= 0), "version" integer unsigned NOT NULL CHECK ("version" >= 0), "closed_at" datetime NULL, "closed_by_name" varchar(150) NOT NULL, "by_id" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "policy_id" bigint NOT NULL REFERENCES "moderation_policy" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "moderation_timelimit" VALUES(1,'live_host_1001',3600,'2026-11-29 23:25:46','','supervisor','2026-11-29 22:26:38.470759',NULL,0,1,NULL,'',3,11);
CREATE TABLE "monitor_preference" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "language" varchar(16) NOT NULL, "time_zone" varchar(64) NOT NULL, "theme" varchar(8) NOT NULL, "blur" bool NOT NULL, "greyscale" bool NOT NULL, "muted" bool NOT NULL, "single_keys" bool NOT NULL, "user_id" integer NOT NULL UNIQUE REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "monitor_preference" VALUES(1,'ja','','dark',0,0,1,1,3);
CREATE TABLE "monitor_savedview" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(60) NOT NULL, "page" varchar(8) NOT NULL, "query" varchar(2000) NOT NULL, "is_shared" bool NOT NULL, "owner_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_view_of_a_name_and_owner" UNIQUE ("owner_id", "page", "name"));
INSERT INTO "monitor_savedview" VALUES(1,'Large rooms','/','sort=online',1,3);
CREATE TABLE "rooms_chatline" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at_ms" bigint NOT NULL, "message_id" varchar(128) NOT NULL, "account" varchar(128) NOT NULL, "text" text NOT NULL, "room_id" bigint NOT NULL REFERENCES "rooms_room" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_line_per_message" UNIQUE ("room_id", "message_id"));
INSERT INTO "rooms_chatline" VALUES(1,1795991102923,'3-1795987254-2923','viewer_13336','first!',5);
INSERT INTO "rooms_chatline" VALUES(2,1795991103028,'0-1795989634-1028','viewer_2606','初見です！',7);
INSERT INTO "rooms_chatline" VALUES(3,1795991103061,'16-1795990905-61','viewer_8280','manda beijo 💋',10);
INSERT INTO "rooms_chatline" VALUES(4,1795991103090,'12-1795990828-90','viewer_18445','can you wave to Ana please',11);
INSERT INTO "rooms_chatline" VALUES(5,1795991103177,'6-1795990772-177','viewer_11724','you are trash, quit',6);
INSERT INTO "rooms_chatline" VALUES(6,1795991103209,'24-1795990700-209','viewer_3147','same time tomorrow?',8);
INSERT INTO "rooms_chatline" VALUES(7,1795991103924,'3-1795987254-2924','viewer_4159','first!',5);
INSERT INTO "rooms_chatline" VALUES(8,1795991104029,'0-1795989634-1029','viewer_13765','first!',7);
INSERT INTO "rooms_chatline" VALUES(9,1795991104122,'18-1795988996-2122','viewer_13778','more!! 🔥',3);
INSERT INTO "rooms_chatline" VALUES(10,1795991104123,'18-1795988996-2123','viewer_9392','hay quá',3);
CREATE TABLE "rooms_collectorlease" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "fence" bigint NOT NULL, "holder" varchar(100) NOT NULL, "taken_at" datetime NULL);
INSERT INTO "rooms_collectorlease" VALUES(1,1,'vm:3922','2026-11-29 22:25:07.453479');
CREATE TABLE "rooms_reportedgift" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(64) NOT NULL, "coins" bigint NOT NULL, "gifts" integer NOT NULL, "at" datetime NOT NULL, "room_id" bigint NOT NULL REFERENCES "rooms_room" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_report_per_gift" UNIQUE ("room_id", "key"));
INSERT INTO "rooms_reportedgift" VALUES(1,'f398d51d065e1fea0b75621b5d3556444c956d5f447b715ab178c2d4f50e3157',5,1,'2026-11-29 22:26:38.483282',1);
CREATE TABLE "rooms_room" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "room_id" varchar(128) NOT NULL, "create_time" bigint NOT NULL, "name" varchar(255) NOT NULL, "owner_account" varchar(128) NOT NULL, "owner_name" varchar(255) NOT NULL, "owner_avatar" varchar(500) NOT NULL, "cover_url" varchar(500) NOT NULL, "notice" varchar(500) NOT NULL, "categories" text NOT NULL CHECK ((JSON_VALID("categories") OR "categories" IS NULL)), "seat_template" varchar(64) NOT NULL, "take_seat_mode" varchar(32) NOT NULL, "max_member_count" bigint NULL, "max_seat_count" integer NULL, "is_public_visible" bool NULL, "is_message_disabled" bool NULL, "is_unlimited_room_enabled" bool NULL, "online" bigint NULL, "online_source" varchar(16) NOT NULL, "online_at" bigint NULL, "views" bigint NULL, "reward" bigint NULL, "gifts" bigint NULL, "gift_senders" bigint NULL, "likes" bigint NULL, "messages" bigint NULL, "statistics_at" bigint NULL, "first_seen_at" datetime NOT NULL, "facts_changed_at" datetime NOT NULL, "ended_at" datetime NULL, "end_cause" varchar(16) NOT NULL, "create_time_told" bool NOT NULL, "host_read_at" bigint NULL, "host_started_at" bigint NULL, "host_state" varchar(16) DEFAULT '' NOT NULL, "host_state_at" bigint NULL, "host_state_source" varchar(16) DEFAULT '' NOT NULL, "reported_coins" bigint NULL, "reported_gifts" bigint NULL, folded_room_id text DEFAULT '' NOT NULL, folded_name text DEFAULT '' NOT NULL, folded_owner_account text DEFAULT '' NOT NULL, folded_owner_name text DEFAULT '' NOT NULL, CONSTRAINT "one_row_per_broadcast" UNIQUE ("room_id", "create_time"));
INSERT INTO "rooms_room" VALUES(1,'live_host_1001',1795988714,'Jazz standards, slow tempo','host_1001','美咲xo','https://pictures.example/avatars/554.svg','https://pictures.example/covers/piano-1.svg','','[8, 9]','VideoFixedFloat7Seats','ApplyToTake',100000,7,1,0,1,67172,'OnlineCount',1795991187,203906,3046185,48380,5594,4112005,52468,1795991182,'2026-11-29 22:25:08.505510','2026-11-29 22:25:47.481706',NULL,'',1,1795991152,1795991146,'seated',1795991146,'seats',5,1,'live_host_1001','jazz standards, slow tempo','host_1001','美咲xo');
INSERT INTO "rooms_room" VALUES(2,'live_host_1007',1795988494,'<script>alert(''owned'')</script>','host_1007','Wanjiru_99','https://pictures.example/avatars/506.svg','https://pictures.example/covers/desk-7.svg','','[]','VideoLandscape4Seat','ApplyToTake',100000,4,1,0,1,4718,'OnlineCount',1795991187,14773,56586,3108,622,263474,7882,1795991182,'2026-11-29 22:25:08.505510','2026-11-29 22:25:47.481706',NULL,'',1,1795991152,1795991146,'seated',1795991146,'seats',NULL,NULL,'live_host_1007','<script>alert(''owned'')</script>','host_1007','wanjiru_99');
INSERT INTO "rooms_room" VALUES(3,'live_host_1009',1795988996,'Sneaker restock LIVE 👟','host_1009','<script>alert(1)</script>','https://pictures.example/avatars/988.svg','https://pictures.example/covers/boxes-9.svg','','[5, 6]','VideoFixedFloat7Seats','ApplyToTake',100000,7,1,0,1,921,'OnlineCount',1795991187,3152,31738,561,158,47211,2210,1795991182,'2026-11-29 22:25:08.505510','2026-11-29 22:25:47.481706',NULL,'',1,1795991154,1795991146,'seated',1795991146,'seats',NULL,NULL,'live_host_1009','sneaker restock live 👟','host_1009','<script>alert(1)</script>');
INSERT INTO "rooms_room" VALUES(4,'live_000400004',1795988279,'Đấu hạng cùng anh em','host_1004','王磊 ✨','https://pictures.example/avatars/956.svg','https://pictures.example/covers/game-4.svg','','[2]','AudioSalon','FreeToTake',100000,10,1,0,1,610,'OnlineCount',1795991187,2617,51238,647,177,54451,2678,1795991182,'2026-11-29 22:25:08.505510','2026-11-29 22:25:47.481706',NULL,'',1,1795991151,1795991146,'seated',1795991146,'seats',NULL,NULL,'live_000400004','đấu hạng cùng anh em','host_1004','王磊 ✨');
INSERT INTO "rooms_room" VALUES(5,'live_000200002',1795987254,'Tarot for the week ahead','host_1002','Kaito_99','https://pictures.example/avatars/406.svg','https://pictures.example/covers/sunrise-2.svg','','[]','VideoDynamicGrid9Seats','FreeToTake',100000,9,1,0,1,600,'OnlineCount',1795991187,2112,95900,661,180,55466,2988,1795991183,'2026-11-29 22:25:08.505510','2026-11-29 22:25:47.481706',NULL,'',1,1795991152,1795991146,'seated',1795991146,'seats',NULL,NULL,'live_000200002','tarot for the week ahead','host_1002','kaito_99');
INSERT INTO "rooms_room" VALUES(6,'live_host_1003',1795990772,'朝活 一緒に勉強しよう','host_1003','Zoë','https://pictures.example/avatars/715.svg','https://pictures.example/covers/desk-3.svg','','[]','VideoLandscape4Seat','FreeToTake',100000,4,1,0,1,988,'OnlineCount',1795991187,1977,1280,61,26,5207,249,1795991184,'2026-11-29 22:25:08.505510','2026-11-29 22:25:47.481706',NULL,'',1,1795991153,1795991146,'seated',1795991146,'seats',NULL,NULL,'live_host_1003','朝活 一緒に勉強しよう','host_1003','zoë');
INSERT INTO "rooms_room" VALUES(7,'live_000000000',1795989634,'جولة في القاهرة القديمة','host_1000','Zoë','https://pictures.example/avatars/184.svg','https://pictures.example/covers/city-0.svg','','[6]','VideoDynamicFloat7Seats','FreeToTake',100000,7,1,0,1,424,'OnlineCount',1795991187,1300,25306,246,81,20409,1094,1795991183,'2026-11-29 22:25:08.505510','2026-11-29 22:25:10.489242',NULL,'',1,1795991153,1795991146,'seated',1795991146,'seats',NULL,NULL,'live_000000000','جولة في القاهرة القديمة','host_1000','zoë');
INSERT INTO "rooms_room" VALUES(8,'room with spaces / ? # % & " '' < > + = ~48 bytes',1795990700,'랭크 올리기 오늘은 마스터','host_1011','美咲','https://pictures.example/avatars/974.svg','https://pictures.example/covers/game-11.svg','','[3, 7]','AudioSalon','ApplyToTake',100000,10,1,0,1,584,'OnlineCount',1795991187,977,2400,64,27,5419,275,1795991184,'2026-11-29 22:25:08.505510','2026-11-29 22:25:47.481706',NULL,'',1,1795991154,1795991146,'seated',1795991146,'seats',NULL,NULL,'room with spaces / ? # % & " '' < > + = ~48 bytes','랭크 올리기 오늘은 마스터','host_1011','美咲');
INSERT INTO "rooms_room" VALUES(9,'live_001000010',1795990782,'Miniature painting: dragons','host_1010','فاطمة official','https://pictures.example/avatars/690.svg','https://pictures.example/covers/easel-10.svg','','[3]','VideoFixedFloat7Seats','ApplyToTake',100000,7,1,0,1,409,'OnlineCount',1795991187,651,1380,35,17,2996,167,1795991185,'2026-11-29 22:25:08.505510','2026-11-29 22:25:47.481706',NULL,'',1,1795991150,1795991146,'seated',1795991146,'seats',NULL,NULL,'live_001000010','miniature painting: dragons','host_1010','فاطمة official');
INSERT INTO "rooms_room" VALUES(10,'live_000800008',1795990905,'Fishing at first light','host_1008','Ezra official','https://pictures.example/avatars/919.svg','https://pictures.example/covers/sunrise-8.svg','','[]','VideoLandscape4Seat','FreeToTake',100000,4,1,0,1,442,'OnlineCount',1795991187,672,7702,25,13,2123,111,1795991185,'2026-11-29 22:25:08.505510','2026-11-29 22:25:47.481706',NULL,'',1,1795991149,1795991146,'seated',1795991146,'seats',NULL,NULL,'live_000800008','fishing at first light','host_1008','ezra official');
INSERT INTO "rooms_room" VALUES(11,'live_000600006',1795990828,'Piano requests 🎹 drop your song','host_1006','美咲🇧🇷','https://pictures.example/avatars/367.svg','https://pictures.example/covers/piano-6.svg','','[7]','VideoFixedFloat7Seats','FreeToTake',100000,7,1,0,1,239,'OnlineCount',1795991187,603,28749,31,15,2442,137,1795991184,'2026-11-29 22:25:08.505510','2026-11-29 22:25:47.481706',NULL,'',1,1795991154,1795991146,'seated',1795991146,'seats',NULL,NULL,'live_000600006','piano requests 🎹 drop your song','host_1006','美咲🇧🇷');
INSERT INTO "rooms_room" VALUES(12,'live_host_1005',1795989404,'Cuộc sống Sài Gòn về đêm','host_1005','Tariq | music','https://pictures.example/avatars/833.svg','https://pictures.example/covers/city-5.svg','','[]','VideoFixedGrid9Seats','FreeToTake',100000,9,1,0,1,0,'OnlineCount',1795991148,1,0,0,0,0,0,1795991148,'2026-11-29 22:25:08.505510','2026-11-29 22:25:47.481706','2026-11-29 22:25:51.286181','act',1,1795991148,1795991146,'seated',1795991146,'seats',NULL,NULL,'live_host_1005','cuộc sống sài gòn về đêm','host_1005','tariq | music');
INSERT INTO "rooms_room" VALUES(13,'hidden_from_the_listing',1795991147,'hidden_from_the_listing','streamer_12','streamer_12','https://pictures.example/avatars/166.svg','https://pictures.example/covers/city-8816.svg','','[1, 4]','VideoFixedFloat7Seats','ApplyToTake',100000,7,0,0,1,1,'OnlineCount',1795991147,1,0,0,0,0,0,1795991147,'2026-11-29 22:25:47.681767','2026-11-29 22:25:47.681767','2026-11-29 22:25:52.363283','act',1,1795991147,1795991147,'seated',1795991147,'seats',NULL,NULL,'hidden_from_the_listing','hidden_from_the_listing','streamer_12','streamer_12');
CREATE TABLE "rooms_roomevent" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at_ms" bigint NOT NULL, "kind" varchar(16) NOT NULL, "account" varchar(128) NOT NULL, "detail" text NOT NULL CHECK ((JSON_VALID("detail") OR "detail" IS NULL)), "key" varchar(120) NOT NULL UNIQUE, "room_id" bigint NOT NULL REFERENCES "rooms_room" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "rooms_roomevent" VALUES(1,1795991146000,'host','host_1001','{"state": "seated", "before": "", "source": "seats"}','host:1:1795991146000:2ae415fcdef3737b',1);
INSERT INTO "rooms_roomevent" VALUES(2,1795991146000,'host','host_1007','{"state": "seated", "before": "", "source": "seats"}','host:2:1795991146000:dcd8f7956727a12c',2);
INSERT INTO "rooms_roomevent" VALUES(3,1795991146000,'host','host_1009','{"state": "seated", "before": "", "source": "seats"}','host:3:1795991146000:9786a4945a9e3f26',3);
INSERT INTO "rooms_roomevent" VALUES(4,1795991146000,'host','host_1004','{"state": "seated", "before": "", "source": "seats"}','host:4:1795991146000:9879a46a2170dc17',4);
INSERT INTO "rooms_roomevent" VALUES(5,1795991146000,'host','host_1002','{"state": "seated", "before": "", "source": "seats"}','host:5:1795991146000:ef61036e1f786b4b',5);
INSERT INTO "rooms_roomevent" VALUES(6,1795991146000,'host','host_1003','{"state": "seated", "before": "", "source": "seats"}','host:6:1795991146000:dad2a527ed884182',6);
INSERT INTO "rooms_roomevent" VALUES(7,1795991146000,'host','host_1000','{"state": "seated", "before": "", "source": "seats"}','host:7:1795991146000:6c5293ecb7a6badb',7);
INSERT INTO "rooms_roomevent" VALUES(8,1795991146000,'host','host_1011','{"state": "seated", "before": "", "source": "seats"}','host:8:1795991146000:5e811727cd38b2a8',8);
INSERT INTO "rooms_roomevent" VALUES(9,1795991146000,'host','host_1010','{"state": "seated", "before": "", "source": "seats"}','host:9:1795991146000:738f7c9560dc2e4f',9);
INSERT INTO "rooms_roomevent" VALUES(10,1795991146000,'host','host_1008','{"state": "seated", "before": "", "source": "seats"}','host:10:1795991146000:3c94581709f936ec',10);
INSERT INTO "rooms_roomevent" VALUES(11,1795991146000,'host','host_1006','{"state": "seated", "before": "", "source": "seats"}','host:11:1795991146000:9969b5c967fc15d9',11);
INSERT INTO "rooms_roomevent" VALUES(12,1795991146000,'host','host_1005','{"state": "seated", "before": "", "source": "seats"}','host:12:1795991146000:6046be0ee1aae0ae',12);
INSERT INTO "rooms_roomevent" VALUES(13,1795991147502,'host','streamer_12','{"state": "inside", "before": "", "source": "event"}','host:13:1795991147502:4d8744ed34cdb651',13);
INSERT INTO "rooms_roomevent" VALUES(14,1795991147502,'seats','','{"seats": {"0": "streamer_12"}}','seats:13:1795991147502:0be5677b407f944c',13);
INSERT INTO "rooms_roomevent" VALUES(15,1795991147502,'host','streamer_12','{"state": "seated", "before": "inside", "source": "event"}','host:13:1795991147502:b44597997cd75d31',13);
CREATE TABLE "rooms_sample" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "minute" integer NOT NULL, "online" bigint NULL, "reward" bigint NULL, "gifts" bigint NULL, "messages" bigint NULL, "room_id" bigint NOT NULL REFERENCES "rooms_room" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_sample_per_room_and_minute" UNIQUE ("room_id", "minute"));
INSERT INTO "rooms_sample" VALUES(7,29933185,64636,3007310,47744,51778,1);
INSERT INTO "rooms_sample" VALUES(14,29933186,67172,3046185,48380,52468,1);
CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq" ON "django_content_type" ("app_label", "model");
CREATE UNIQUE INDEX "auth_group_permissions_group_id_permission_id_0cd325b0_uniq" ON "auth_group_permissions" ("group_id", "permission_id");
CREATE INDEX "auth_group_permissions_group_id_b120cbf9" ON "auth_group_permissions" ("group_id");
CREATE INDEX "auth_group_permissions_permission_id_84c5c92e" ON "auth_group_permissions" ("permission_id");
CREATE UNIQUE INDEX "auth_user_groups_user_id_group_id_94350c0c_uniq" ON "auth_user_groups" ("user_id", "group_id");
CREATE INDEX "auth_user_groups_user_id_6a12ed8b" ON "auth_user_groups" ("user_id");
CREATE INDEX "auth_user_groups_group_id_97559544" ON "auth_user_groups" ("group_id");
CREATE UNIQUE INDEX "auth_user_user_permissions_user_id_permission_id_14a6b632_uniq" ON "auth_user_user_permissions" ("user_id", "permission_id");
CREATE INDEX "auth_user_user_permissions_user_id_a95ead1b" ON "auth_user_user_permissions" ("user_id");
CREATE INDEX "auth_user_user_permissions_permission_id_1fbb5f2c" ON "auth_user_user_permissions" ("permission_id");
CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq" ON "auth_permission" ("content_type_id", "codename");
CREATE INDEX "auth_permission_content_type_id_2f476e4b" ON "auth_permission" ("content_type_id");
CREATE INDEX "axes_accessattempt_user_agent_ad89678b" ON "axes_accessattempt" ("user_agent");
CREATE INDEX "axes_accessattempt_ip_address_10922d9c" ON "axes_accessattempt" ("ip_address");
CREATE INDEX "axes_accessattempt_username_3f2d4ca0" ON "axes_accessattempt" ("username");
CREATE UNIQUE INDEX "axes_accessattempt_username_ip_address_user_agent_8ea22282_uniq" ON "axes_accessattempt" ("username", "ip_address", "user_agent");
CREATE INDEX "axes_accessfailurelog_user_agent_ea145dda" ON "axes_accessfailurelog" ("user_agent");
CREATE INDEX "axes_accessfailurelog_ip_address_2e9f5a7f" ON "axes_accessfailurelog" ("ip_address");
CREATE INDEX "axes_accessfailurelog_username_a8b7e8a4" ON "axes_accessfailurelog" ("username");
CREATE INDEX "axes_accesslog_user_agent_0e659004" ON "axes_accesslog" ("user_agent");
CREATE INDEX "axes_accesslog_ip_address_86b417e5" ON "axes_accesslog" ("ip_address");
CREATE INDEX "axes_accesslog_username_df93064b" ON "axes_accesslog" ("username");
CREATE INDEX "rooms_sample_minute_ee6bfc23" ON "rooms_sample" ("minute");
CREATE UNIQUE INDEX "one_live_broadcast_per_room_id" ON "rooms_room" ("room_id") WHERE "ended_at" IS NULL;
CREATE INDEX "rooms_room_owner_account_698e10fb" ON "rooms_room" ("owner_account");
CREATE INDEX "live_by_newest" ON "rooms_room" ("create_time" DESC, "id") WHERE "ended_at" IS NULL;
CREATE INDEX "live_by_online" ON "rooms_room" ("online" DESC, "id") WHERE "ended_at" IS NULL;
CREATE INDEX "live_by_reward" ON "rooms_room" ("reward" DESC, "id") WHERE "ended_at" IS NULL;
CREATE INDEX "lately_ended" ON "rooms_room" ("ended_at" DESC, "id") WHERE "ended_at" IS NOT NULL;
CREATE INDEX "rooms_chatline_at_ms_13b0e199" ON "rooms_chatline" ("at_ms");
CREATE INDEX "chat_of_a_room" ON "rooms_chatline" ("room_id", "at_ms" DESC);
CREATE INDEX "events_of_a_room" ON "rooms_roomevent" ("room_id", "at_ms" DESC);
CREATE INDEX "events_of_a_kind" ON "rooms_roomevent" ("kind", "at_ms");
CREATE INDEX "rooms_reportedgift_at_a873ec23" ON "rooms_reportedgift" ("at");
CREATE INDEX "chat_of_an_account" ON "rooms_chatline" ("account", "at_ms" DESC);
CREATE INDEX "by_first_seen" ON "rooms_room" ("first_seen_at");
CREATE INDEX "live_by_name" ON "rooms_room" ("folded_name", "id") WHERE "ended_at" IS NULL;
CREATE INDEX "past_by_room_id" ON "rooms_room" ("folded_room_id") WHERE "ended_at" IS NOT NULL;
CREATE INDEX "past_by_owner_account" ON "rooms_room" ("folded_owner_account") WHERE "ended_at" IS NOT NULL;
CREATE INDEX "past_by_name" ON "rooms_room" ("folded_name") WHERE "ended_at" IS NOT NULL;
CREATE INDEX "past_by_owner_name" ON "rooms_room" ("folded_owner_name") WHERE "ended_at" IS NOT NULL;
CREATE INDEX "moderation_auditentry_at_d7bbd2f1" ON "moderation_auditentry" ("at");
CREATE INDEX "moderation_auditentry_actor_8680c390" ON "moderation_auditentry" ("actor");
CREATE INDEX "moderation_auditentry_verb_c64c854a" ON "moderation_auditentry" ("verb");
CREATE INDEX "moderation_auditentry_room_pk_95e25564" ON "moderation_auditentry" ("room_pk");
CREATE INDEX "moderation_auditentry_account_29c907f0" ON "moderation_auditentry" ("account");
CREATE INDEX "moderation_auditentry_action_id_0347a2dc" ON "moderation_auditentry" ("action_id");
CREATE INDEX "moderation_auditentry_ban_id_304705b0" ON "moderation_auditentry" ("ban_id");
CREATE TRIGGER moderation_auditentry_no_delete BEFORE delete ON moderation_auditentry BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
CREATE UNIQUE INDEX "one_ban_in_force_per_account" ON "moderation_ban" ("account") WHERE ("expired_at" IS NULL AND "lifted_at" IS NULL);
CREATE INDEX "moderation_ban_account_d9f7318f" ON "moderation_ban" ("account");
CREATE INDEX "moderation_ban_by_id_e9d7a406" ON "moderation_ban" ("by_id");
CREATE INDEX "moderation_ban_policy_id_970e538b" ON "moderation_ban" ("policy_id");
CREATE INDEX "bans_with_orders_due" ON "moderation_ban" ("changed_at") WHERE "orders_due";
CREATE TRIGGER moderation_auditentry_no_replace BEFORE INSERT ON moderation_auditentry WHEN EXISTS (SELECT 1 FROM moderation_auditentry WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
CREATE UNIQUE INDEX "one_hold_per_room_id" ON "moderation_hold" ("room_id") WHERE "lifted_at" IS NULL;
CREATE INDEX "open_plans_by_due" ON "moderation_plannedroom" ("due_at") WHERE "status" IN ('planned', 'creating', 'unknown');
CREATE INDEX "plans_to_publish" ON "moderation_plannedroom" ("broadcast_id") WHERE ("published_at" IS NULL AND "visibility" = 'on_start');
CREATE UNIQUE INDEX "one_open_plan_per_room_id" ON "moderation_plannedroom" ("room_id") WHERE "status" IN ('planned', 'creating', 'unknown');
CREATE INDEX "hits_of_a_rule" ON "moderation_rulehit" ("rule_id", "at" DESC);
CREATE INDEX "open_limits_by_end" ON "moderation_timelimit" ("ends_at") WHERE "closed_at" IS NULL;
CREATE UNIQUE INDEX "one_open_limit_per_room_id" ON "moderation_timelimit" ("room_id") WHERE "closed_at" IS NULL;
CREATE INDEX "moderation_hold_room_id_5d94da68" ON "moderation_hold" ("room_id");
CREATE INDEX "moderation_hold_owner_account_5eb8f18d" ON "moderation_hold" ("owner_account");
CREATE INDEX "moderation_hold_ban_id_eeafb0d5" ON "moderation_hold" ("ban_id");
CREATE INDEX "moderation_hold_by_id_61c7f612" ON "moderation_hold" ("by_id");
CREATE INDEX "moderation_hold_policy_id_abbb6929" ON "moderation_hold" ("policy_id");
CREATE INDEX "moderation_plannedroom_broadcast_id_b7fd8bfc" ON "moderation_plannedroom" ("broadcast_id");
CREATE INDEX "moderation_plannedroom_by_id_1bea1829" ON "moderation_plannedroom" ("by_id");
CREATE INDEX "moderation_plannedroom_policy_id_b0219965" ON "moderation_plannedroom" ("policy_id");
CREATE INDEX "moderation_rule_policy_id_694a01e3" ON "moderation_rule" ("policy_id");
CREATE INDEX "moderation_rulehit_action_id_178803b0" ON "moderation_rulehit" ("action_id");
CREATE INDEX "moderation_rulehit_room_id_82a30af7" ON "moderation_rulehit" ("room_id");
CREATE INDEX "moderation_rulehit_rule_id_7afd9903" ON "moderation_rulehit" ("rule_id");
CREATE INDEX "moderation_timelimit_by_id_a2fac70d" ON "moderation_timelimit" ("by_id");
CREATE INDEX "moderation_timelimit_policy_id_bd20c94a" ON "moderation_timelimit" ("policy_id");
CREATE UNIQUE INDEX "one_open_alert_of_a_kind" ON "moderation_alert" ("room_id", "source", "account") WHERE "closed_at" IS NULL;
CREATE INDEX "moderation_alert_room_id_c9e18a91" ON "moderation_alert" ("room_id");
CREATE INDEX "hits_to_read_back" ON "moderation_rulehit" ("at") WHERE "outcome" = 'found';
CREATE INDEX "moderation_apirequest_at_b525423a" ON "moderation_apirequest" ("at");
CREATE INDEX "moderation_note_account_120bbed9" ON "moderation_note" ("account");
CREATE INDEX "moderation_note_by_id_9873975f" ON "moderation_note" ("by_id");
CREATE INDEX "moderation_note_room_id_8bd14810" ON "moderation_note" ("room_id");
CREATE UNIQUE INDEX "one_open_claim_a_room" ON "moderation_claim" ("room_id") WHERE "released_at" IS NULL;
CREATE INDEX "moderation_claim_by_id_c40bf5f3" ON "moderation_claim" ("by_id");
CREATE INDEX "moderation_claim_room_id_0641b8c5" ON "moderation_claim" ("room_id");
CREATE INDEX "looks_at_a_room" ON "moderation_look" ("room_id", "at" DESC);
CREATE INDEX "alerts_about_an_account" ON "moderation_alert" ("account", "raised_at" DESC);
CREATE INDEX "looks_by_time" ON "moderation_look" ("at", "room_id");
CREATE TRIGGER moderation_auditentry_no_backdating AFTER INSERT ON moderation_auditentry WHEN COALESCE(ABS(julianday(NEW.at) - julianday('now')) * 1440, 9) > 5 OR NEW.id < (SELECT MAX(id) FROM moderation_auditentry) BEGIN SELECT RAISE(ABORT, 'the record is append-only: an entry is of now, and the last one'); END;
CREATE UNIQUE INDEX "one_open_act_of_a_kind" ON "moderation_action" ("room_id", "verb", "account") WHERE "status" IN ('requested', 'calling', 'unknown');
CREATE UNIQUE INDEX "one_act_takes_another_back" ON "moderation_action" ("undoes_id") WHERE NOT ("status" IN ('failed', 'undone'));
CREATE INDEX "moderation_action_by_id_99569e2c" ON "moderation_action" ("by_id");
CREATE INDEX "moderation_action_room_id_d2204bf0" ON "moderation_action" ("room_id");
CREATE INDEX "moderation_action_ban_id_26d5ec02" ON "moderation_action" ("ban_id");
CREATE INDEX "moderation_action_policy_id_0f9abe30" ON "moderation_action" ("policy_id");
CREATE INDEX "moderation_action_hold_id_f8dc7893" ON "moderation_action" ("hold_id");
CREATE INDEX "moderation_action_retry_of_id_861550db" ON "moderation_action" ("retry_of_id");
CREATE INDEX "moderation_action_undoes_id_6ef2a8db" ON "moderation_action" ("undoes_id");
CREATE INDEX "open_acts_by_due" ON "moderation_action" ("due_at") WHERE "status" IN ('requested', 'calling', 'unknown');
CREATE INDEX "acts_of_a_room" ON "moderation_action" ("room_id", "requested_at" DESC);
CREATE INDEX "acts_on_an_account" ON "moderation_action" ("account", "requested_at" DESC);
CREATE INDEX "ends_to_verify" ON "moderation_action" ("finished_at") WHERE "needs_verifying";
CREATE TRIGGER moderation_auditentry_no_update BEFORE update ON moderation_auditentry BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
CREATE INDEX "monitor_savedview_owner_id_118cb7dc" ON "monitor_savedview" ("owner_id");
CREATE INDEX "events_about_an_account" ON "rooms_roomevent" ("account");
CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date");
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('django_migrations',58);
INSERT INTO "sqlite_sequence" VALUES('django_content_type',35);
INSERT INTO "sqlite_sequence" VALUES('auth_permission',109);
INSERT INTO "sqlite_sequence" VALUES('auth_group',4);
INSERT INTO "sqlite_sequence" VALUES('auth_user',4);
INSERT INTO "sqlite_sequence" VALUES('axes_accessattempt',0);
INSERT INTO "sqlite_sequence" VALUES('axes_accesslog',4);
INSERT INTO "sqlite_sequence" VALUES('rooms_room',14);
INSERT INTO "sqlite_sequence" VALUES('moderation_ban',1);
INSERT INTO "sqlite_sequence" VALUES('moderation_rule',6);
INSERT INTO "sqlite_sequence" VALUES('moderation_ruleswitch',1);
INSERT INTO "sqlite_sequence" VALUES('moderation_look',1);
INSERT INTO "sqlite_sequence" VALUES('moderation_staffprofile',4);
INSERT INTO "sqlite_sequence" VALUES('moderation_policy',13);
INSERT INTO "sqlite_sequence" VALUES('moderation_action',6);
INSERT INTO "sqlite_sequence" VALUES('auth_group_permissions',60);
INSERT INTO "sqlite_sequence" VALUES('auth_user_groups',4);
INSERT INTO "sqlite_sequence" VALUES('moderation_auditentry',29);
INSERT INTO "sqlite_sequence" VALUES('rooms_collectorlease',1);
INSERT INTO "sqlite_sequence" VALUES('rooms_chatline',524);
INSERT INTO "sqlite_sequence" VALUES('rooms_roomevent',15);
INSERT INTO "sqlite_sequence" VALUES('moderation_hold',2);
INSERT INTO "sqlite_sequence" VALUES('rooms_sample',24);
INSERT INTO "sqlite_sequence" VALUES('moderation_claim',1);
INSERT INTO "sqlite_sequence" VALUES('moderation_note',1);
INSERT INTO "sqlite_sequence" VALUES('moderation_alert',1);
INSERT INTO "sqlite_sequence" VALUES('moderation_timelimit',1);
INSERT INTO "sqlite_sequence" VALUES('moderation_apitoken',1);
INSERT INTO "sqlite_sequence" VALUES('monitor_savedview',1);
INSERT INTO "sqlite_sequence" VALUES('monitor_preference',1);
INSERT INTO "sqlite_sequence" VALUES('rooms_reportedgift',1);
INSERT INTO "sqlite_sequence" VALUES('moderation_rulehit',1);
INSERT INTO "sqlite_sequence" VALUES('moderation_plannedroom',1);
INSERT INTO "sqlite_sequence" VALUES('moderation_apirequest',1);
COMMIT;
