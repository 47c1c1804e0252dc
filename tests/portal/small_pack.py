"""The smallest pack that has something of everything, in canonical form; tests change a line of it."""

FILES = {
    "pack.yaml": """\
code: small
name: 小城
bureau: 小城人社局
prefix: SM
""",
    "districts.yaml": """\
- code: small
  name: 小城
  children:
    - code: small-a
      name: 甲区
    - code: small-b
      name: 乙区
      documented: false
""",
    "organisations.yaml": """\
- code: small-a-office
  name: 甲区办
  kind: district_office
  district: small-a
- code: small-bureau
  name: 小城人社局
  kind: bureau
  district: small
  phone: 0512-55550000
""",
    "documents.yaml": """\
- code: paper
  title: 关于博士后工作的意见
  number: 小政发〔2026〕1号
  issuer: 小城人民政府
  issued_on: 2026-01-05
  since: 2026-02-01
  clauses:
    - number: 一(一)
      summary: 申报
      summary_en: Applying
    - number: 二
      summary: 目标
- code: rules
  title: 平台规则
  issuer: 小城人社局
  clauses:
    - number: 申报
      summary: 本平台定
""",
    "settings.yaml": """\
- code: days.district
  title: 区镇审核
  kind: integer
  value: 5
  unit: 个工作日
  why: 文件没有写
  clause: paper 一(一)
- code: days.bureau
  title: 市局审核
  kind: integer
  value: 10
  why: 文件没有写
- code: days.approval
  title: 市局审批
  kind: integer
  value: 5
  why: 文件没有写
- code: days.correction
  title: 补正
  kind: integer
  value: 10
  why: 文件没有写
- code: days.service
  title: 服务诉求受理
  kind: integer
  value: 3
  why: 文件没有写
- code: days.service_follow
  title: 差评回访
  kind: integer
  value: 5
  why: 文件没有写
- code: A2
  title: 算哪些站
  kind: choices
  value:
    - national
  options:
    branch: 分站
    national: 国家级
  why: 文件没有写
  ask: true
- code: start
  title: 起点
  kind: date
  value: '2025-01-01'
  why: 文件没有写
- code: base
  title: 期初
  kind: decimal
  value: 40
  why: 文件没有写
- code: tolerance
  title: 允许差
  kind: decimal
  value: 2
  why: 文件没有写
- code: mode
  title: 方式
  kind: choice
  value: strict
  options:
    loose: 宽
    strict: 严
  why: 文件没有写
- code: shown
  title: 公开
  kind: boolean
  value: false
  why: 文件没有写
- code: days.pool_opinion
  title: 储备库
  kind: integer
  value: 5
  why: 文件没有写
- code: days.pool_selection
  title: 储备库
  kind: integer
  value: 10
  why: 文件没有写
- code: days.pool_plan
  title: 储备库
  kind: integer
  value: 20
  why: 文件没有写
- code: days.claim_unit
  title: 资助申领单位审核
  kind: integer
  value: 5
  why: 文件没有写
- code: motto
  title: 口号
  kind: text
  value: 揭榜挂帅
  why: 文件没有写
""",
    "guards.yaml": """\
- lifecycle: application
  action: to_certify
  fact: basic_open
  lookup: lte
  value: 0
  clause: paper 一(一)
- lifecycle: application
  action: submit
  fact: truthful
  lookup: exact
  value: true
  clause: paper 一(一)
- lifecycle: application
  action: recommend
  fact: district_unmet
  lookup: lte
  value: 0
  clause: paper 一(一)
  since: 2026-02-01
""",
    "chains.yaml": """\
- code: robotics
  name: 机器人
  clause: paper 二
""",
    "applications.yaml": """\
- code: national
  title: 设立工作站
  kind: national
  route: upward
  levels:
    - 市级
    - 省级
  clause: paper 一(一)
  conditions:
    - code: basic-1
      group: basic
      title: 独立法人
      summary: 营业执照
      clause: paper 一(一)
      slots:
        - code: licence
          title: 营业执照
        - code: more
          title: 补充
          required: false
      criteria:
        - fact: legal_person
          lookup: exact
          value: true
    - code: rec-1
      group: recommended
      title: 研发平台
      summary: 市级以上
      clause: paper 一(一)
""",
    "plans.yaml": """\
- code: plan
  name: 两年计划
  document: paper
  since: 2025-01-01
  until: 2026-12-31
  indicators:
    - code: ST
      name: 工作站
      unit: 家
      kind: level
      clause: paper 二
      source: station
      starts: approved_on
      stops: ended_on
      where:
        - fact: kind
          lookup: in
          setting: A2
      baseline: base
      settings:
        - A2
      targets:
        - district: small
          'on': 2025-12-31
          value: 50
        - district: small
          'on': 2026-12-31
          value: 60
    - code: ST-H
      name: 高新区内的工作站
      unit: 家
      kind: level
      parent: ST
      clause: paper 二
      source: station
      starts: approved_on
      stops: ended_on
      targets:
        - district: small
          'on': 2026-12-31
          value: 20
    - code: IN
      name: 新引进
      unit: 人
      kind: flow
      clause: paper 二
      departments:
        - 人社局
      source: reported
      plan_total: 30
      targets:
        - district: small
          'on': 2025-12-31
          value: 10
        - district: small
          'on': 2026-12-31
          value: 20
    - code: NEW
      name: 计划期新增
      unit: 家
      kind: cumulative
      clause: paper 二
      source: station
      starts: approved_on
      where:
        - fact: approved_on
          lookup: gte
          setting: start
      targets:
        - district: small
          'on': 2026-12-31
          value: 12
""",
}


def write(folder, **changed):
    """The files in a folder, some of them changed; None leaves one out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (FILES | changed).items():
        if text is None:
            (folder / name).unlink(missing_ok=True)
        elif isinstance(text, bytes):
            (folder / name).write_bytes(text)
        else:
            (folder / name).write_text(text, encoding="utf-8")
    return folder
