BEGIN TRANSACTION;
CREATE TABLE access (
	id TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	actor TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	entity TEXT NOT NULL, 
	field TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_access PRIMARY KEY (id)
);
CREATE TABLE act (
	id TEXT NOT NULL, 
	log TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	decided_at BIGINT NOT NULL, 
	actor TEXT NOT NULL, 
	command TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	undoes TEXT, 
	batch TEXT, 
	undo_name TEXT, 
	undo_body TEXT, 
	CONSTRAINT pk_act PRIMARY KEY (id)
);
INSERT INTO "act" VALUES('01a2051e-d7a5-7bfe-9d9e-c8846ed954fd','platform',1,1795295837093,1795382237093,'system:dispatcher','save-region','d2b7f70ca819f9de2ab851ff132d39d26b811cbf3a7f5854095d7fcbd116ff2c',NULL,NULL,NULL,NULL);
INSERT INTO "act" VALUES('01a2051e-d7a7-75e1-a98a-724a4369d16e','platform',2,1795295837093,1795382237095,'system:dispatcher','save-region','a8e0162292357ecec094b66cf95e0b27c4da31969c2851c0b2ab8f744bc98775',NULL,NULL,NULL,NULL);
INSERT INTO "act" VALUES('01a2051e-d7a8-7e6f-86a7-9f9b2711d7a1','platform',3,1795295837093,1795382237096,'system:dispatcher','save-policy','22583f6eca7004e41c394a79f5e703bca17f5d6f157e9936ba533a1f8a057ec5',NULL,NULL,NULL,NULL);
INSERT INTO "act" VALUES('01a2051e-d7a9-7ed8-be35-368fbfab68b6','platform',4,1795295837093,1795382237097,'system:dispatcher','save-category','f4b1076235baccbfd41a38e0a8d01f0d348d9fbf52f5945d09daf560bad5290b',NULL,NULL,NULL,NULL);
INSERT INTO "act" VALUES('01a2051e-d7a9-7ddc-8b09-287cd5355fc8','platform',5,1795295837093,1795382237097,'system:dispatcher','save-item','16f8c043457e178fc66dfe20dd9305be361ae7ef987f67874fec0dbfb2474eb3',NULL,NULL,NULL,NULL);
INSERT INTO "act" VALUES('01a2051e-d7aa-7677-a4b0-239ee79b32b4','platform',6,1795295837093,1795382237098,'system:dispatcher','save-item','97891843585c4f79b8a73c132a1fb26748d215ba9b8c32423bc22a6a567bc106',NULL,NULL,NULL,NULL);
INSERT INTO "act" VALUES('01a2051e-d7ab-7d87-93c1-ae552a95e773','platform',7,1795295837093,1795382237099,'system:dispatcher','save-staff','e08fc775f5f607a09006c1b66b1df8e2726fdf6dc3f25656bc9fd0bc85cbad75',NULL,NULL,NULL,NULL);
INSERT INTO "act" VALUES('01a2051e-d7ab-7b7e-b0f7-51da17f375e2','sh',1,1795295837093,1795382237100,'system:dispatcher','book-order','34af13e455ec8fc4d0ac17a11040dac41722ca48cab835049ba6813d5c9caa75',NULL,NULL,'cancel-order','{"order":"o1","reason":"undo","side":"platform"}');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE change (
	log TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	id TEXT NOT NULL, 
	version BIGINT NOT NULL, 
	body TEXT, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_change PRIMARY KEY (log, seq, kind, id)
);
INSERT INTO "change" VALUES('platform',1,'region','sh',1,'{"id":"sh","region":"platform","version":1,"name":"上海","name_en":"","timezone":"Asia/Shanghai","currency":"CNY","centre":{"lon":121.44,"lat":31.19},"service_points":[],"districts":[{"id":"xh","name":"徐汇","name_en":"","centre":{"lon":121.44,"lat":31.19}}]}','c36387aa9eee7a07aa32901fa18f72276207acf6cfb35db1ccc147a1d394b715');
INSERT INTO "change" VALUES('platform',2,'region','nyc',1,'{"id":"nyc","region":"platform","version":1,"name":"纽约","name_en":"","timezone":"America/New_York","currency":"USD","centre":{"lon":-73.95,"lat":40.72},"service_points":[],"districts":[]}','5a3231880dbc053d25571602d51da60f584918d4f6bc1e9c9ec63b00372dac16');
INSERT INTO "change" VALUES('platform',3,'policy','policy',1,'{"id":"policy","region":"platform","version":1,"door_fee_near":2500,"door_near_m":5000,"door_fee_far":3000,"door_far_m":15000,"door_fee_per_km":150,"inspection_percent":25,"inspection_max":5000,"same_day_surcharge":2000,"emergency_surcharge":8000,"night_surcharge":4000,"night_from_hour":21,"night_to_hour":7,"cancel_free_after_booking":15,"cancel_free_before_window":120,"cancel_fee":1000,"cancel_fee_departed":3000,"reopen_within":1440,"offer_countdown_s":180,"dispatch_within":15,"dispatch_within_emergency":5,"status_gate":60,"window_minutes":120,"window_first_hour":8,"window_last_hour":20,"horizon_days":14,"emergency_reserve_percent":10,"daily_limit":8,"detour":1.4,"speed_kmh":27.0,"parking_s":120}','272352a2904827bfbc39100d7b0bfc90a02dbcd74524fe926f5e45aece69fe55');
INSERT INTO "change" VALUES('platform',4,'category','jd',1,'{"id":"jd","region":"platform","version":1,"name":"家电","name_en":"Appliances","rank":0}','3237d17a34d7be1e1a2eed1082b03bf3890f0af513939026314f6e33da63d253');
INSERT INTO "change" VALUES('platform',5,'item','ac',1,'{"id":"ac","region":"platform","version":1,"category":"jd","name":"空调","name_en":"AC","skill":"ac","certificates":[],"brands":["格力"],"faults":[{"id":"cool","name":"不制冷","name_en":"no cooling","minutes":30,"labour":12300,"words":[]},{"id":"leak","name":"漏水","name_en":"leaks","minutes":45,"labour":10000,"words":[]}],"retired":false}','414fcad64f9863c21ebc00e386d3f0b519cc122d81027364f43f12459c5c2048');
INSERT INTO "change" VALUES('platform',6,'item','tap',1,'{"id":"tap","region":"platform","version":1,"category":"jd","name":"水龙头","name_en":"Tap","skill":"water","certificates":[],"brands":[],"faults":[{"id":"drip","name":"滴水","name_en":"drips","minutes":20,"labour":7000,"words":[]}],"retired":true}','bc741e09dd0577e1f6b4bb9801dac7d09572f4ae2071eb3e0b47e82227e93614');
INSERT INTO "change" VALUES('platform',7,'staff','guanli',1,'{"id":"guanli","region":"platform","version":1,"name":"管理员","roles":["administrator"],"regions":[],"active":true}','202759f7d016381b24e76a05ad23759ef8f5b4884b589a20194f9f125aa46060');
INSERT INTO "change" VALUES('sh',1,'order','o1',1,'{"id":"o1","region":"sh","version":1,"number":"261122-0001","temporary_number":null,"status":"pending","since":1795295837093,"created_at":1795295837093,"closed_at":null,"source":"phone","external_id":null,"mode":"direct","urgency":"emergency","customer":"c1","address":"a1","district":"xh","point":{"lon":121.441,"lat":31.193},"approximate":false,"lines":[{"item":"ac","fault":"cool","brand":"格力","model":"","quantity":1,"minutes":30,"labour":12300}],"visits":[{"number":1,"window":{"start":1795555037093,"end":1795562237093},"outcome":null}],"quote":{"lines":[{"what":"labour","amount":12300,"reason":"labour","params":{"item":"ac","fault":"cool","quantity":1}},{"what":"door_fee","amount":0,"reason":"door_fee_waived","params":{"fee":2500,"distance_m":553}},{"what":"urgency","amount":8000,"reason":"emergency","params":{}},{"what":"night","amount":4000,"reason":"night","params":{}}],"total":24300,"if_declined":3075,"currency":"CNY","policy_version":1},"provisional":false,"requested_technician":null,"technician":null,"planned_on":null,"offer":null,"urged":0,"urged_at":null,"rebooked":0,"notes":0,"cancellation":null,"steps":[{"at":1795295837093,"actor":"system:dispatcher","action":"book","params":{"source":"phone"}}]}','361e9ba87535a8f7366e3c7cea15b1255598920cd703088bbbe47751210f8569');
INSERT INTO "change" VALUES('sh',1,'address','a1',1,NULL,'f90474fd11782fe8ce8bcd583e6d30224a42621e69935eee21af46a99c98d1e2');
INSERT INTO "change" VALUES('sh',1,'customer','c1',1,NULL,'e6e9ea9bf8a62b0a6e3b5750f415de8647eb05ef8257d09cab5657dbc652b460');
CREATE TABLE entity (
	kind TEXT NOT NULL, 
	id TEXT NOT NULL, 
	region TEXT NOT NULL, 
	version BIGINT NOT NULL, 
	seq BIGINT NOT NULL, 
	schema INTEGER NOT NULL, 
	closed_at BIGINT, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_entity PRIMARY KEY (kind, id)
);
INSERT INTO "entity" VALUES('region','sh','platform',1,1,1,NULL,'{"id":"sh","region":"platform","version":1,"name":"上海","name_en":"","timezone":"Asia/Shanghai","currency":"CNY","centre":{"lon":121.44,"lat":31.19},"service_points":[],"districts":[{"id":"xh","name":"徐汇","name_en":"","centre":{"lon":121.44,"lat":31.19}}]}');
INSERT INTO "entity" VALUES('region','nyc','platform',1,2,1,NULL,'{"id":"nyc","region":"platform","version":1,"name":"纽约","name_en":"","timezone":"America/New_York","currency":"USD","centre":{"lon":-73.95,"lat":40.72},"service_points":[],"districts":[]}');
INSERT INTO "entity" VALUES('policy','policy','platform',1,3,1,NULL,'{"id":"policy","region":"platform","version":1,"door_fee_near":2500,"door_near_m":5000,"door_fee_far":3000,"door_far_m":15000,"door_fee_per_km":150,"inspection_percent":25,"inspection_max":5000,"same_day_surcharge":2000,"emergency_surcharge":8000,"night_surcharge":4000,"night_from_hour":21,"night_to_hour":7,"cancel_free_after_booking":15,"cancel_free_before_window":120,"cancel_fee":1000,"cancel_fee_departed":3000,"reopen_within":1440,"offer_countdown_s":180,"dispatch_within":15,"dispatch_within_emergency":5,"status_gate":60,"window_minutes":120,"window_first_hour":8,"window_last_hour":20,"horizon_days":14,"emergency_reserve_percent":10,"daily_limit":8,"detour":1.4,"speed_kmh":27.0,"parking_s":120}');
INSERT INTO "entity" VALUES('category','jd','platform',1,4,1,NULL,'{"id":"jd","region":"platform","version":1,"name":"家电","name_en":"Appliances","rank":0}');
INSERT INTO "entity" VALUES('item','ac','platform',1,5,1,NULL,'{"id":"ac","region":"platform","version":1,"category":"jd","name":"空调","name_en":"AC","skill":"ac","certificates":[],"brands":["格力"],"faults":[{"id":"cool","name":"不制冷","name_en":"no cooling","minutes":30,"labour":12300,"words":[]},{"id":"leak","name":"漏水","name_en":"leaks","minutes":45,"labour":10000,"words":[]}],"retired":false}');
INSERT INTO "entity" VALUES('item','tap','platform',1,6,1,NULL,'{"id":"tap","region":"platform","version":1,"category":"jd","name":"水龙头","name_en":"Tap","skill":"water","certificates":[],"brands":[],"faults":[{"id":"drip","name":"滴水","name_en":"drips","minutes":20,"labour":7000,"words":[]}],"retired":true}');
INSERT INTO "entity" VALUES('staff','guanli','platform',1,7,1,NULL,'{"id":"guanli","region":"platform","version":1,"name":"管理员","roles":["administrator"],"regions":[],"active":true}');
INSERT INTO "entity" VALUES('order','o1','sh',1,1,1,NULL,'{"id":"o1","region":"sh","version":1,"number":"261122-0001","temporary_number":null,"status":"pending","since":1795295837093,"created_at":1795295837093,"closed_at":null,"source":"phone","external_id":null,"mode":"direct","urgency":"emergency","customer":"c1","address":"a1","district":"xh","point":{"lon":121.441,"lat":31.193},"approximate":false,"lines":[{"item":"ac","fault":"cool","brand":"格力","model":"","quantity":1,"minutes":30,"labour":12300}],"visits":[{"number":1,"window":{"start":1795555037093,"end":1795562237093},"outcome":null}],"quote":{"lines":[{"what":"labour","amount":12300,"reason":"labour","params":{"item":"ac","fault":"cool","quantity":1}},{"what":"door_fee","amount":0,"reason":"door_fee_waived","params":{"fee":2500,"distance_m":553}},{"what":"urgency","amount":8000,"reason":"emergency","params":{}},{"what":"night","amount":4000,"reason":"night","params":{}}],"total":24300,"if_declined":3075,"currency":"CNY","policy_version":1},"provisional":false,"requested_technician":null,"technician":null,"planned_on":null,"offer":null,"urged":0,"urged_at":null,"rebooked":0,"notes":0,"cancellation":null,"steps":[{"at":1795295837093,"actor":"system:dispatcher","action":"book","params":{"source":"phone"}}]}');
INSERT INTO "entity" VALUES('address','a1','sh',1,1,1,NULL,'{"id":"a1","region":"sh","version":1,"customer":"c1","district":"xh","compound":"枫林苑","building":"3栋","unit_mask":"","entry":"unknown","has_door_code":false,"point":{"lon":121.4412,"lat":31.1934},"approximate":false}');
INSERT INTO "entity" VALUES('customer','c1','sh',1,1,1,NULL,'{"id":"c1","region":"sh","version":1,"name":"周先生","phone_mask":"138****8000","addresses":["a1"],"blocked_technicians":[]}');
CREATE TABLE log_head (
	log TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	CONSTRAINT pk_log_head PRIMARY KEY (log)
);
INSERT INTO "log_head" VALUES('platform',7);
INSERT INTO "log_head" VALUES('sh',1);
INSERT INTO "log_head" VALUES('nyc',0);
CREATE TABLE login (
	name TEXT NOT NULL, 
	staff TEXT NOT NULL, 
	password TEXT NOT NULL, 
	CONSTRAINT pk_login PRIMARY KEY (name)
);
CREATE TABLE meta (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('log_id','38a8af2cecd5d561a1a507f0b152f9d3');
INSERT INTO "meta" VALUES('protocol','1');
CREATE TABLE order_row (
	id TEXT NOT NULL, 
	region TEXT, 
	number TEXT, 
	status TEXT, 
	closed BIGINT, 
	urgency TEXT, 
	window_start BIGINT, 
	window_end BIGINT, 
	created_at BIGINT, 
	since BIGINT, 
	closed_at BIGINT, 
	due BIGINT, 
	item TEXT, 
	fault TEXT, 
	brand TEXT, 
	lines BIGINT, 
	minutes BIGINT, 
	total BIGINT, 
	customer TEXT, 
	name TEXT, 
	phone_tail TEXT, 
	address TEXT, 
	district TEXT, 
	compound TEXT, 
	building TEXT, 
	approximate BIGINT, 
	technician TEXT, 
	planned_on TEXT, 
	urged BIGINT, 
	rebooked BIGINT, 
	provisional BIGINT, 
	notes BIGINT, 
	source TEXT, 
	lon FLOAT, 
	lat FLOAT, 
	search TEXT, 
	CONSTRAINT pk_order_row PRIMARY KEY (id)
);
INSERT INTO "order_row" VALUES('o1','sh','261122-0001','pending',0,'emergency',1795555037093,1795562237093,1795295837093,1795295837093,NULL,1795296137093,'ac','cool','格力',1,30,24300,'c1','周先生','8000','a1','xh','枫林苑','3栋',0,NULL,NULL,0,0,0,0,'phone',121.441,31.193,'261122-0001 2611220001 8000 周先生 zxs 枫林苑 fly 3栋');
CREATE TABLE position (
	technician TEXT NOT NULL, 
	region TEXT NOT NULL, 
	lon FLOAT NOT NULL, 
	lat FLOAT NOT NULL, 
	accuracy_m FLOAT NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_position PRIMARY KEY (technician)
);
CREATE TABLE secret (
	kind TEXT NOT NULL, 
	id TEXT NOT NULL, 
	field TEXT NOT NULL, 
	region TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	blind TEXT NOT NULL, 
	CONSTRAINT pk_secret PRIMARY KEY (kind, id, field)
);
CREATE TABLE serial (
	log TEXT NOT NULL, 
	date TEXT NOT NULL, 
	last BIGINT NOT NULL, 
	CONSTRAINT pk_serial PRIMARY KEY (log, date)
);
INSERT INTO "serial" VALUES('sh','2026-11-22',1);
CREATE TABLE token (
	hash TEXT NOT NULL, 
	staff TEXT NOT NULL, 
	device TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	CONSTRAINT pk_token PRIMARY KEY (hash)
);
CREATE INDEX ix_access_entity_at ON access (entity, at);
CREATE UNIQUE INDEX ix_act_log_seq ON act (log, seq);
CREATE INDEX ix_change_kind_id ON change (kind, id);
CREATE INDEX ix_entity_region_kind_closed_at ON entity (region, kind, closed_at);
CREATE INDEX ix_entity_region_seq ON entity (region, seq);
CREATE INDEX ix_order_row_address ON order_row (address);
CREATE INDEX ix_order_row_closed_status ON order_row (closed, status);
CREATE INDEX ix_order_row_customer ON order_row (customer);
CREATE INDEX ix_order_row_region_created_at ON order_row (region, created_at);
CREATE INDEX ix_secret_blind ON secret (blind);
CREATE INDEX ix_token_staff ON token (staff);
COMMIT;
